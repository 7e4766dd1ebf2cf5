//! One threaded cure alone, for tools that watch every access: `scripts/counter_races.sh`. No harness, no clock, since
//! valgrind 3.19 ends programs that read the clock by way of rustix.
//!
//! ```sh
//! cargo run -p counter-threads --example cures -- mutex
//! ```

use std::sync::atomic::Ordering::Relaxed;
use std::sync::mpsc::sync_channel;
use std::sync::{Mutex, PoisonError, RwLock};
use std::thread;

use anyhow::{Context, Result, ensure};
use counter::mechanisms::{
    atomic, compare_exchange, false_sharing, local_then_merge, lost_update, padded, spin,
};
use counter::{MOST_WORKERS, Memory};
use counter_threads::mechanisms::{channel, mutex, rwlock};

/// Few: under valgrind, everything takes about a hundred times as long.
const TIMES: u64 = 1_000;
const WORKERS: usize = 2;

fn main() -> Result<()> {
    let name = std::env::args().nth(1).context("name a mechanism")?;
    let memory = Memory::new();
    let count = &memory.count.0;
    let no_work = || ();
    let counted = match name.as_str() {
        "lost-update" => shared(count, |_| lost_update::count(count, TIMES, no_work)),
        "atomic" => shared(count, |_| atomic::count(count, TIMES, no_work)),
        "compare-exchange" => shared(count, |_| compare_exchange::count(count, TIMES, no_work)),
        "local-then-merge" => shared(count, |_| local_then_merge::count(count, TIMES, no_work)),
        "spin" => {
            let spin = &memory.spin.0;
            shared(spin.count(), |_| spin::count(spin, TIMES, no_work))
        }
        "false-sharing" => {
            together(|own| false_sharing::count(&memory.near[own], TIMES, no_work));
            false_sharing::total(&memory.near[..MOST_WORKERS])
        }
        "padded" => {
            together(|own| padded::count(&memory.apart[own], TIMES, no_work));
            padded::total(&memory.apart)
        }
        "mutex" => {
            let locked = Mutex::new(0);
            together(|_| mutex::count(&locked, TIMES, no_work));
            locked.into_inner().unwrap_or_else(PoisonError::into_inner)
        }
        "rwlock" => {
            let locked = RwLock::new(0);
            together(|_| rwlock::count(&locked, TIMES, no_work));
            locked.into_inner().unwrap_or_else(PoisonError::into_inner)
        }
        "channel" => told_to_an_owner(),
        other => anyhow::bail!("no mechanism {other} here"),
    };
    let expected = TIMES * WORKERS as u64;
    let is_cure = name != "lost-update";
    ensure!(
        !is_cure || counted == expected,
        "{counted} instead of {expected}"
    );
    Ok(())
}

fn shared(count: &std::sync::atomic::AtomicU64, worker: impl Fn(usize) + Sync) -> u64 {
    together(worker);
    count.load(Relaxed)
}

fn together(worker: impl Fn(usize) + Sync) {
    let worker = &worker;
    thread::scope(|scope| {
        for own in 0..WORKERS {
            scope.spawn(move || worker(own));
        }
    });
}

fn told_to_an_owner() -> u64 {
    let (owner, told) = sync_channel(channel::BOUND);
    thread::scope(|scope| {
        for _ in 0..WORKERS {
            let owner = owner.clone();
            scope.spawn(move || channel::count(&owner, TIMES, || ()));
        }
        drop(owner);
        channel::own(&told)
    })
}
