//! Neither side holds more than it needs: not the tasks of a map, nor their results, nor files.

use std::fs;
use std::iter;

use libtest_mimic::Trial;
use procpool::PoolError;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::job::{Gate, Order, number, pool, try_pool};
use crate::process::{descriptors, in_role, new_mark};

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        results_come_out_of_order_while_a_slow_task_runs,
        a_size_hint_counts_what_is_left,
        a_million_tasks_take_no_more_memory_than_a_hundred_thousand,
        too_few_files_are_named_before_a_worker_starts,
    ]
}

pub(crate) const ROLES: &[(&str, fn())] = &[
    ("frugal-parent", tell_the_peak_of_long_maps),
    ("short-of-files", be_short_of_files),
];

fn results_come_out_of_order_while_a_slow_task_runs() {
    let (pool, gate) = (pool(2), Gate::new());
    let slow = iter::once(gate.before(Order::Echo(0)));
    let mut map = pool.map_unordered(slow.chain((1..1000).map(Order::Echo)));
    // The slow one is done last, for nothing opens the gate before.
    let mut first: Vec<_> = map.by_ref().take(900).map(|(at, _)| at).collect();
    first.sort_unstable();
    first.dedup();
    assert_eq!((first.len(), first.contains(&0)), (900, false));
    gate.open();
    assert_eq!(map.filter(|(at, _)| *at == 0).count(), 1);
}

fn a_size_hint_counts_what_is_left() {
    let pool = pool(2);
    let mut map = pool.map((0..100).map(Order::Echo));
    for left in (0..100).rev() {
        assert_eq!(number(map.next().unwrap()), 99 - left);
        let left = left as usize;
        assert_eq!(map.size_hint(), (left, Some(left)));
    }
    assert!(map.next().is_none());
}

/// In bytes.
fn peak() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kilobytes = line.unwrap().trim().trim_end_matches(" kB");
    kilobytes.parse::<u64>().unwrap() * 1024
}

fn tell_the_peak_of_long_maps() {
    let pool = pool(2);
    for tasks in [100_000, 1_000_000] {
        assert_eq!(
            pool.map((0..tasks).map(Order::Echo)).count(),
            tasks as usize
        );
        print!("{} ", peak());
    }
}

fn a_million_tasks_take_no_more_memory_than_a_hundred_thousand() {
    let output = in_role("frugal-parent", &new_mark("frugal"))
        .output()
        .unwrap();
    let peaks = String::from_utf8(output.stdout).unwrap();
    let peaks: Vec<u64> = peaks
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    let [short, long] = peaks[..] else {
        panic!("{peaks:?}")
    };
    // 900,000 orders more are some 50 MB if they are kept.
    assert!(long - short < 8 << 20, "{peaks:?}");
}

/// Leaves room for so many files more.
fn leave_files(count: u64) {
    let limit = Rlimit {
        current: Some(descriptors("self").len() as u64 + count),
        ..getrlimit(Resource::Nofile)
    };
    setrlimit(Resource::Nofile, limit).unwrap();
}

fn be_short_of_files() {
    leave_files(40);
    println!("{}", try_pool(8, 0).unwrap_err());
    let pool = pool(1);
    let error = pool.resize(8).unwrap_err();
    assert!(matches!(
        error,
        PoolError::TooFewDescriptors { workers: 7, .. }
    ));
    assert_eq!((pool.workers(), pool.worker_ids().len()), (1, 1));
    assert!(pool.map((0..100).map(Order::Echo)).map(number).eq(0..100));
    println!("{error}");
}

fn too_few_files_are_named_before_a_worker_starts() {
    let mut command = in_role("short-of-files", &new_mark("short"));
    let text = String::from_utf8(command.output().unwrap().stdout).unwrap();
    let lines: Vec<_> = text.lines().collect();
    let [start, growth] = lines[..] else {
        panic!("{text}")
    };
    assert!(start.starts_with("8 workers need up to "), "{start}");
    assert!(growth.starts_with("7 workers need up to "), "{growth}");
    assert!(
        lines
            .iter()
            .all(|line| line.contains("raise it (ulimit -n)")),
        "{text}"
    );
}
