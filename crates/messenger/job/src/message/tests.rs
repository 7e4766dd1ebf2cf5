//! Whether every change of a message is found.

use super::*;

fn next(number: u64, bytes: usize) -> Next {
    Next { number, bytes }
}

#[test]
fn what_was_written_is_taken_at_every_length() {
    for verify in [false, true] {
        for bytes in [0, 1, 7, 8, 9, 15, 16, 17, 64, 1000] {
            let mut content = Content::new(verify);
            let mut payload = vec![0xAA; bytes];
            content.write(&mut payload, 5);
            content.take(next(5, bytes), 5, &payload).unwrap();
            assert_eq!(content.seen().0, 1);
        }
    }
}

#[test]
fn every_changed_byte_is_found_if_all_are_looked_at() {
    let mut payload = vec![0; 61];
    let mut content = Content::new(true);
    content.write(&mut payload, 9);
    for at in 0..payload.len() {
        payload[at] ^= 1;
        let error = content.take(next(9, 61), 9, &payload).unwrap_err();
        let expected = format!(
            "message 9 differs from what was sent at byte {}",
            at / 8 * 8
        );
        assert_eq!(error.to_string(), expected);
        payload[at] ^= 1;
    }
}

#[test]
fn the_ends_of_a_payload_are_looked_at_always() {
    let mut payload = vec![0; 61];
    let mut content = Content::new(false);
    content.write(&mut payload, 9);
    for at in [0, 7, 56, 60] {
        payload[at] ^= 1;
        content.take(next(9, 61), 9, &payload).unwrap_err();
        payload[at] ^= 1;
    }
    // That of the message before.
    content.write(&mut payload, 8);
    content.take(next(9, 61), 9, &payload).unwrap_err();
}

#[test]
fn order_and_length_are_checked_and_change_the_digest() {
    let seen = |messages: &[Next]| {
        let mut content = Content::new(false);
        for message in messages {
            let mut payload = vec![0; message.bytes];
            content.write(&mut payload, message.number);
            content.take(*message, message.number, &payload).unwrap();
        }
        content.seen().1
    };
    assert_ne!(
        seen(&[next(0, 1), next(1, 1)]),
        seen(&[next(1, 1), next(0, 1)])
    );
    assert_ne!(seen(&[next(0, 1)]), seen(&[next(0, 2)]));
    let mut content = Content::new(false);
    let order = content.take(next(3, 0), 4, &[]).unwrap_err();
    assert_eq!(order.to_string(), "message 4 came where 3 was due");
    let length = content.take(next(3, 1), 3, &[]).unwrap_err();
    assert_eq!(length.to_string(), "message 3 has 0 bytes instead of 1");
}

#[test]
fn a_header_is_read_as_it_was_written() {
    let mut bytes = [0; HEADER];
    write_header(&mut bytes, next(u64::MAX - 1, 1 << 26));
    assert_eq!(read_header(&bytes), (u64::MAX - 1, 1 << 26));
}
