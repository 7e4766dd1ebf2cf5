//! Two ends of one ring, in two threads.

use std::io::Write;
use std::thread;
use std::time::Duration;

use super::*;

fn talk(way: Alike, mode: Mode, bytes: usize) -> Talk {
    Talk {
        way: Way::Alike(way),
        mode,
        bytes,
        count: 1,
        verify: true,
        cores: [None; 2],
    }
}

fn next(number: u64, bytes: usize) -> Next {
    Next { number, bytes }
}

const BOTH: [Alike; 2] = [Alike::InPlaceSpin, Alike::InPlaceFutex];

#[test]
fn messages_come_in_order_though_the_ring_is_small_and_its_counters_go_round() {
    for way in BOTH {
        let talk = talk(way, Mode::Stream, 1 << 20);
        let [mut ours, mut theirs] = ends(Region::make(&talk).unwrap(), &talk);
        // As if so many messages had been sent before.
        let before = u32::MAX - 50;
        let lane = &ours.region.head().lanes[0];
        for word in [&lane.written, &lane.read] {
            ours.waiting.set(word, before);
        }
        (ours.sent, theirs.received) = (before, before);
        thread::scope(|scope| {
            scope.spawn(|| {
                for number in 0..200_u64 {
                    let fill = |payload: &mut [u8]| payload.fill(number as u8);
                    ours.send(next(number, 1000), fill).unwrap();
                }
            });
            for number in 0..200_u64 {
                let take = |found: u64, payload: &[u8]| {
                    assert_eq!(found, number);
                    assert_eq!(payload, [number as u8; 1000]);
                    Ok(())
                };
                theirs.receive(1000, take).unwrap();
            }
        });
    }
}

#[test]
fn a_sender_waits_while_the_ring_is_full_and_no_longer() {
    for way in BOTH {
        let talk = talk(way, Mode::Stream, 1 << 20);
        let [mut ours, mut theirs] = ends(Region::make(&talk).unwrap(), &talk);
        thread::scope(|scope| {
            let sender = scope.spawn(move || {
                for number in 0..3 {
                    ours.send(next(number, 0), |_| ()).unwrap();
                }
                ours
            });
            // A window of 1 MiB has room for two such messages.
            thread::sleep(Duration::from_millis(30));
            assert!(!sender.is_finished(), "{way:?}");
            theirs.receive(8, |_, _| Ok(())).unwrap();
            drop(sender.join().unwrap());
        });
    }
}

#[test]
fn whoever_waits_for_one_who_is_gone_is_told_and_first_gets_what_was_sent() {
    for way in BOTH {
        let talk = talk(way, Mode::RoundTrip, 8);
        let [mut ours, mut theirs] = ends(Region::make(&talk).unwrap(), &talk);
        thread::scope(|scope| {
            let waits = scope.spawn(move || {
                let first = theirs.receive(8, |_, _| Ok(()));
                (first, theirs.receive(8, |_, _| Ok(())))
            });
            ours.send(next(0, 8), |_| ()).unwrap();
            thread::sleep(Duration::from_millis(5));
            drop(ours);
            let (first, second) = waits.join().unwrap();
            first.unwrap();
            assert!(matches!(second, Err(TalkError::Gone)), "{way:?}");
        });
    }
}

/// One that has looked whether the other one is there, and is about to fall asleep: whoever has gone since then has
/// found nobody asleep, and woken nobody.
#[test]
fn nobody_falls_asleep_when_the_other_one_is_gone() {
    let talk = talk(Alike::InPlaceFutex, Mode::RoundTrip, 8);
    let region = Region::make(&talk).unwrap();
    Waiting::Spinning.set(&region.head().gone, 1);
    let sleeper = thread::spawn(move || {
        let head = region.head();
        let word = &head.lanes[0].written;
        word.sleep(0, &head.gone, Wakes::Threads).unwrap();
    });
    for _ in 0..1_000 {
        if sleeper.is_finished() {
            return sleeper.join().unwrap();
        }
        thread::sleep(Duration::from_millis(10));
    }
    panic!("it sleeps for ever");
}

#[test]
fn who_sends_out_of_turn_is_stopped() {
    for side in [0, 1] {
        let talk = talk(BOTH[0], Mode::RoundTrip, 8);
        let [mut ours, mut theirs] = ends(Region::make(&talk).unwrap(), &talk);
        ours.send(next(0, 8), |_| ()).unwrap();
        let mut end = if side == 0 {
            ours
        } else {
            theirs.receive(8, |_, _| Ok(())).unwrap();
            theirs.send(next(0, 8), |_| ()).unwrap();
            theirs
        };
        let send = std::panic::AssertUnwindSafe(|| end.send(next(1, 8), |_| ()));
        let panic = std::panic::catch_unwind(send).unwrap_err();
        let message = panic.downcast_ref::<&str>().unwrap();
        assert_eq!(*message, "not its turn to send");
    }
}

#[test]
fn what_is_written_through_one_mapping_is_read_through_the_other() {
    for way in BOTH {
        let talk = talk(way, Mode::RoundTrip, 100);
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(&vec![0; Region::bytes(&talk)]).unwrap();
        let end = |side| one_end(Region::map(&file, &talk).unwrap(), side, &talk);
        let (mut ours, mut theirs) = (end(0), end(1));
        thread::scope(|scope| {
            let answer = scope.spawn(move || {
                theirs.receive(100, |number, payload| {
                    assert_eq!((number, payload), (7, &[3; 100][..]));
                    Ok(())
                })
            });
            let fill = |payload: &mut [u8]| payload.fill(3);
            ours.send(next(7, 100), fill).unwrap();
            answer.join().unwrap().unwrap();
        });
    }
}

#[test]
fn memory_of_another_size_is_refused() {
    let file = tempfile::tempfile().unwrap();
    let error = Region::map(&file, &talk(BOTH[0], Mode::RoundTrip, 8)).unwrap_err();
    assert!(error.to_string().contains("0 bytes instead of"), "{error}");
}
