//! Everything that is measured works, and leaves nothing behind.

use std::fs;
use std::time::Duration;

use anyhow::{Result, ensure};
use benches::count::By;
use benches::start::Until;
use benches::{
    Group, Make, Side, bytes, compute, count, groups, no_op, round_trip, spans, spawn, start,
};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    // Worker processes are this very program: for them, `main` ends here.
    benches::serve();
    let mut arguments = Arguments::from_args();
    // The last test counts the children of this process.
    arguments.test_threads = Some(1);
    let mut tests: Vec<_> = groups().into_iter().flat_map(of_group).collect();
    tests.extend([
        works("start_until_ready", || start::pool(Until::Ready)),
        works("bare_start_until_ready", || start::bare(Until::Ready)),
        works("spawn_as_versus", spawn::versus),
        works("bare_spawn", spawn::bare),
        works("spans_kept", || spans::kept(1_000)),
        works("no_spans", || spans::bare(1_000)),
        works("count_by_mutex", || count::mechanism(By::Mutex)),
        works("count_by_mutex_by_hand", || count::by_hand(By::Mutex)),
        works("count_by_compare_exchange", || {
            count::mechanism(By::CompareExchange)
        }),
        works("count_by_compare_exchange_by_hand", || {
            count::by_hand(By::CompareExchange)
        }),
        works("count_by_shards_by_hand", || count::by_hand(By::Padded)),
        works("count_by_channel", || count::mechanism(By::Channel)),
        works("count_by_channel_by_hand", || count::by_hand(By::Channel)),
        works("count_by_file_lock", || count::mechanism(By::FileLock)),
        works("count_by_file_lock_by_hand", || {
            count::by_hand(By::FileLock)
        }),
        trial("a_millisecond_is_found", a_millisecond_is_found),
        trial("no_process_is_left", no_process_is_left),
    ]);
    libtest_mimic::run(&arguments, tests).exit();
}

/// Everything that `cargo bench` measures.
fn of_group(group: Group) -> Vec<Trial> {
    let test = |(side, make): (&str, Make)| works(&format!("{}: {side}", group.name), make);
    group.sides.into_iter().map(test).collect()
}

/// A side checks its own results.
fn works(name: &str, make: impl Fn() -> Result<Side> + Send + 'static) -> Trial {
    trial(&format!("{name}_works"), move || {
        let mut side = make()?;
        assert!(side.run(1)? > Duration::ZERO);
        assert!(side.run(3)? > Duration::ZERO, "again");
        Ok(())
    })
}

fn trial(name: &str, test: impl FnOnce() -> Result<()> + Send + 'static) -> Trial {
    Trial::test(name, || {
        test().map_err(|error| Failed::from(format!("{error:#}")))
    })
}

/// Whatever the machine: more than the clock's steps, and fewer than a day of them.
fn a_millisecond_is_found() -> Result<()> {
    let rounds = compute::rounds_per_ms();
    ensure!((1_000..1_000_000_000).contains(&rounds), "{rounds}");
    Ok(())
}

fn no_process_is_left() -> Result<()> {
    let sides = [no_op::map()?, bytes::submit()?, round_trip::bare()?];
    let before = children();
    drop(sides);
    // None on a system that does not tell.
    ensure!(before.is_none_or(|pids| !pids.is_empty()), "not seen");
    ensure!(
        children().is_none_or(|pids| pids.is_empty()),
        "{:?}",
        children()
    );
    Ok(())
}

/// The ids of the children of this process, zombies included.
fn children() -> Option<String> {
    let mut pids = String::new();
    for thread in fs::read_dir("/proc/self/task").ok()? {
        // Not there: this thread has ended meanwhile, or the kernel was built without.
        let path = thread.ok()?.path().join("children");
        pids += &fs::read_to_string(path).ok()?;
    }
    Some(pids)
}
