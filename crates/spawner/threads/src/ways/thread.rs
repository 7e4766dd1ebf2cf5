//! A thread of the system: `std::thread`. It owns what it works on, and may live as long as the program.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use anyhow::Result;
use spawner::work::work;
use spawner::{Alive, Pair, Started, Stopwatch};

use crate::meeting::Meeting;
use crate::room::Room;

pub(crate) fn start(workers: u32, alive: Alive<'_>) -> Result<Started> {
    let meeting = Arc::new(Meeting::default());
    let mut threads = Vec::with_capacity(workers as usize);
    let room = Room::look(workers);
    let mut watch = Stopwatch::ask();
    for _ in 0..workers {
        let there = Arc::clone(&meeting);
        let thread = room
            .check()
            .and_then(|()| thread::Builder::new().spawn(move || there.attend()));
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
    threads.into_iter().for_each(joined);
    watch.gone()
}

pub(crate) fn pair() -> Pair {
    Box::new(|rounds| {
        let one = thread::Builder::new().spawn(move || work(rounds))?;
        let other = thread::Builder::new().spawn(move || work(rounds))?;
        Ok([joined(one), joined(other)])
    })
}

/// What a thread gives back. A panic would come back here as well.
fn joined<T>(thread: JoinHandle<T>) -> T {
    thread.join().unwrap_or_else(|panic| resume_unwind(panic))
}
