//! A thread that ends before the block in which it was started does, and so may borrow what is around it.

use std::panic::resume_unwind;
use std::thread::{self, ScopedJoinHandle};

use anyhow::Result;
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};

use crate::meeting::Meeting;
use crate::room::Room;

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let meeting = Meeting::default();
    let room = Room::look(workers);
    let mut watch = Stopwatch::ask();
    thread::scope(|scope| {
        let mut threads = Vec::with_capacity(workers as usize);
        for _ in 0..workers {
            let thread = room
                .check()
                .and_then(|()| thread::Builder::new().spawn_scoped(scope, || meeting.attend()));
            match thread {
                Ok(thread) => threads.push(thread),
                Err(cause) => {
                    watch.refused(&cause);
                    break;
                }
            }
            room.settle(&meeting, threads.len() as u32);
        }
        let came = threads.len() as u32;
        watch.ready(came, meeting.all_here(came), alive);
        watch.let_go();
        meeting.let_go();
        // A scope waits until functions have returned; whoever is joined has ended.
        threads.into_iter().for_each(joined);
    });
    watch.gone()
}

pub(crate) fn pair() -> Pair {
    Box::new(|rounds| {
        thread::scope(|scope| {
            let one = thread::Builder::new().spawn_scoped(scope, || work(rounds))?;
            let other = thread::Builder::new().spawn_scoped(scope, || work(rounds))?;
            Ok([joined(one), joined(other)])
        })
    })
}

/// What a thread gives back. A panic would come back here as well.
fn joined<T>(thread: ScopedJoinHandle<'_, T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}
