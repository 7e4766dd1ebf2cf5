//! Who makes trouble: workers are killed from outside, the pool is resized, and somebody looks on.

use std::process;
use std::thread;
use std::time::{Duration, Instant};

use procpool::Pool;

use super::board::{Board, add_one};
use super::job::Soak;
use super::leftovers::parent_of;
use super::random::Random;

/// Killing alone could keep a pool on a slow machine from ever getting on, which would be no fault.
const PATIENCE: Duration = Duration::from_secs(2);

pub(crate) fn kill_workers(pool: &Pool<Soak>, board: &Board, mut random: Random) {
    while !board.is_over() {
        let steps = board.steps();
        thread::sleep(random.micros_below(60_000));
        let start = Instant::now();
        while board.steps() == steps && start.elapsed() < PATIENCE && !board.is_over() {
            thread::sleep(Duration::from_millis(1));
        }
        board.doing("killer", "looks for a worker".into());
        let ids = pool.worker_ids();
        if !ids.is_empty() {
            kill(
                ids[random.below(ids.len() as u64) as usize],
                board,
                &mut random,
            );
        }
    }
    board.doing("killer", "done".into());
}

/// Sometimes stopped first: a worker that neither works nor ends.
fn kill(pid: u32, board: &Board, random: &mut Random) {
    board.doing("killer", format!("kills {pid}"));
    if random.one_in(6) && signal(pid, Signal::Stop) {
        add_one(&board.stops);
        thread::sleep(random.micros_below(40_000));
    }
    if signal(pid, Signal::Kill) {
        add_one(&board.kills);
    }
}

#[derive(Clone, Copy)]
enum Signal {
    Stop,
    Kill,
}

/// Only to a child of ours; not to someone else that has come by its number.
#[cfg(unix)]
fn signal(pid: u32, signal: Signal) -> bool {
    use rustix::process::{Pid, Signal as Unix, kill_process};
    let signal = match signal {
        Signal::Stop => Unix::STOP,
        Signal::Kill => Unix::KILL,
    };
    parent_of(pid) == Some(process::id())
        && Pid::from_raw(pid.cast_signed()).is_some_and(|pid| kill_process(pid, signal).is_ok())
}

#[cfg(not(unix))]
fn signal(_: u32, _: Signal) -> bool {
    false
}

pub(crate) fn resize(pool: &Pool<Soak>, board: &Board, workers: usize, mut random: Random) {
    while !board.is_over() {
        board.doing("resizer", "sleeps".into());
        thread::sleep(random.micros_below(150_000));
        let size = 1 + random.below(workers as u64 + 2) as usize;
        board.doing("resizer", format!("resizes to {size}"));
        match pool.resize(size) {
            Ok(()) => add_one(&board.resizes),
            Err(error) => board.fault(format!("cannot resize to {size}: {error}")),
        }
        let now = pool.workers();
        board.demand(now == size, || {
            format!("{now} workers after a resize to {size}")
        });
    }
    board.doing("resizer", "done".into());
}

/// What one can ask a pool at any time.
pub(crate) fn look_on(pool: &Pool<Soak>, board: &Board, mut random: Random) {
    let mut before = 0;
    while !board.is_over() {
        board.doing("onlooker", "asks for progress".into());
        let now = pool.progress();
        board.demand(now >= before, || {
            format!("progress went back from {before} to {now}")
        });
        before = now;
        board.doing("onlooker", "asks for statistics".into());
        for worker in pool.statistics() {
            let ended = worker.died + worker.recycled;
            board.demand(ended <= worker.started, || format!("{worker:?}"));
        }
        thread::sleep(random.micros_below(10_000));
    }
    board.doing("onlooker", "done".into());
}
