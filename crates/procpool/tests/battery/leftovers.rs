//! Nothing is left behind: no process, no descriptor, no file.

use std::process::Stdio;
use std::thread;
use std::time::Duration;
use std::{fs, io};

use libtest_mimic::Trial;

use crate::job::{Answer, Order, number, pool, try_pool};
use crate::process::{
    children, descriptors, eventually, first_line, in_role, lives, marked, new_mark, sockets,
};

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        nothing_is_left_after_use_faults_and_shutdown,
        nothing_is_left_after_a_drop_in_the_middle_of_a_map,
        a_busy_worker_is_killed_after_the_grace_period,
        a_worker_that_is_stopped_does_not_stop_the_shutdown,
        siblings_have_no_channel_in_common,
        busy_workers_end_when_the_parent_is_killed,
        workers_end_whenever_the_parent_is_killed,
        ctrl_c_ends_the_parent_and_its_busy_workers,
        a_panic_in_the_parent_ends_the_workers,
        a_panic_while_a_map_runs_leaves_nothing,
        processes_that_a_worker_leaves_behind_go_with_it,
        a_worker_that_writes_a_lot_is_not_held_up,
        workers_stay_out_of_the_parents_output,
        the_temporary_directory_is_empty_afterwards,
        a_worker_that_is_called_off_while_it_starts_says_nothing,
    ]
}

/// What this program does when it is started for one of the tests.
pub(crate) const ROLES: &[(&str, fn())] = &[
    ("busy-parent", be_a_parent_of_busy_workers),
    ("restless-parent", start_pools_without_end),
    ("start-and-tell", start_and_tell),
    ("noisy-parent", be_a_parent_of_noisy_workers),
    ("hasty-parent", end_while_workers_start),
    ("panicking-parent", panic_with_busy_workers),
];

/// Uses pools in a way, and finds that this process has no more than before.
fn leaves_nothing(use_pools: impl Fn()) {
    use_pools(); // The first use may open what stays open, once.
    let before = descriptors("self");
    use_pools();
    assert_eq!(children(), []);
    // The thread that reads a worker's last lines ends on its own.
    eventually("no descriptor more than before", || {
        descriptors("self").len() == before.len()
    });
}

fn nothing_is_left_after_use_faults_and_shutdown() {
    leaves_nothing(|| {
        let pool = try_pool(2, 0).unwrap();
        let fault = |n| match n % 50 {
            7 => Order::Exit(1),
            13 => Order::Signal(9),
            _ => Order::Echo(n),
        };
        assert_eq!(
            pool.map((0..200).map(fault)).filter(Result::is_err).count(),
            8
        );
        let report = pool.shutdown().unwrap();
        assert_eq!(report.died, 8);
        // The last one may not have been replaced when the end came.
        assert!((9..=10).contains(&report.started), "{report:?}");
        drop(try_pool(2, 0));
    });
}

fn nothing_is_left_after_a_drop_in_the_middle_of_a_map() {
    leaves_nothing(|| {
        for tasks in [0, 1, 10, 100] {
            let pool = pool(2);
            let mut map = pool.map((0..).map(|n| Order::Spin(100, n)));
            (0..tasks).for_each(|n| assert_eq!(number(map.next().unwrap()), n));
            drop(map);
            drop(pool);
        }
    });
}

fn a_busy_worker_is_killed_after_the_grace_period() {
    leaves_nothing(|| {
        let grace = Duration::from_millis(50);
        let pool = procpool::Pool::builder()
            .workers(2)
            .grace(grace)
            .start(())
            .unwrap();
        let mut map = pool.map([Order::Echo(0), Order::SpinForEver]);
        assert_eq!(number(map.next().unwrap()), 0);
        drop(map);
        drop(pool);
    });
}

fn a_worker_that_is_stopped_does_not_stop_the_shutdown() {
    let grace = Duration::from_millis(50);
    let pool = procpool::Pool::builder()
        .workers(1)
        .grace(grace)
        .start(())
        .unwrap();
    let mut map = pool.map([Order::Echo(0), Order::Signal(19)]);
    assert_eq!(number(map.next().unwrap()), 0);
    drop(map);
    drop(pool);
    assert_eq!(children(), []);
}

fn siblings_have_no_channel_in_common() {
    // One after the other as well: a replacement is started while its sibling has channels.
    let pool = try_pool(2, 0).unwrap();
    assert!(pool.map([Order::Exit(1)]).next().unwrap().is_err());
    eventually("two workers", || pool.worker_ids().len() == 2);
    let [first, second] = pool.worker_ids()[..] else {
        panic!()
    };
    let (first, second) = (sockets(&first.to_string()), sockets(&second.to_string()));
    assert_eq!(
        (first.len(), second.len()),
        (3, 3),
        "tasks, outputs, lifeline"
    );
    assert!(
        first.iter().all(|socket| !second.contains(socket)),
        "{first:?} {second:?}"
    );
    let parent = sockets("self");
    assert!(
        first
            .iter()
            .chain(&second)
            .all(|socket| !parent.contains(socket))
    );
}

fn be_a_parent_of_busy_workers() {
    let pool = pool(2);
    let ids = pool.worker_ids();
    println!("{} {}", ids[0], ids[1]);
    pool.map([Order::SpinForEver, Order::SpinForEver, Order::Echo(0)])
        .for_each(drop);
}

fn busy_workers_end_when_the_parent_is_killed() {
    let mark = new_mark("busy");
    let mut parent = in_role("busy-parent", &mark).spawn().unwrap();
    let workers: Vec<u32> = first_line(&mut parent)
        .split_whitespace()
        .map(|n| n.parse().unwrap())
        .collect();
    assert_eq!(workers.len(), 2);
    thread::sleep(Duration::from_millis(50));
    assert!(workers.iter().all(|&pid| lives(pid)));
    parent.kill().unwrap();
    parent.wait().unwrap();
    eventually("no worker lives", || !workers.iter().any(|&pid| lives(pid)));
    assert_eq!(marked(&mark), []);
}

/// Whoever starts us may have said so; what we start would ignore them, too.
fn ignores_interrupts() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    let ignored = u64::from_str_radix(ignored.unwrap().trim(), 16).unwrap();
    ignored & 0b10 != 0
}

/// As a terminal sends it: to the parent's whole group, in which no worker is.
fn ctrl_c_ends_the_parent_and_its_busy_workers() {
    use std::os::unix::process::{CommandExt, ExitStatusExt};

    if ignores_interrupts() {
        eprintln!("skipped: SIGINT is ignored, as in the background of a script");
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let mark = new_mark("interrupted");
    let mut command = in_role("busy-parent", &mark);
    let mut parent = command
        .env("TMPDIR", dir.path())
        .process_group(0)
        .spawn()
        .unwrap();
    first_line(&mut parent);
    assert_eq!(marked(&mark).len(), 3);
    let group = rustix::process::Pid::from_raw(parent.id().cast_signed()).unwrap();
    rustix::process::kill_process_group(group, rustix::process::Signal::INT).unwrap();
    assert_eq!(parent.wait().unwrap().signal(), Some(2));
    eventually("no worker lives", || marked(&mark).is_empty());
    assert!(fs::read_dir(dir.path()).unwrap().next().is_none());
}

fn panic_with_busy_workers() {
    let pool = procpool::Pool::builder()
        .workers(2)
        .grace(Duration::ZERO)
        .start(())
        .unwrap();
    let mut map = pool.map([Order::Echo(0), Order::SpinForEver, Order::SpinForEver]);
    assert_eq!(number(map.next().unwrap()), 0);
    panic!("the parent has had enough");
}

fn a_panic_in_the_parent_ends_the_workers() {
    let mark = new_mark("panicking");
    let mut command = in_role("panicking-parent", &mark);
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert_eq!(output.status.code(), Some(101));
    assert_eq!(marked(&mark), []);
}

fn a_panic_while_a_map_runs_leaves_nothing() {
    leaves_nothing(|| {
        let caught = std::panic::catch_unwind(|| {
            let pool = pool(2);
            pool.map((0..).map(|n| Order::Spin(100, n)))
                .map(number)
                .for_each(|n| assert!(n < 100, "enough"));
        });
        assert!(caught.is_err());
    });
}

fn start_pools_without_end() {
    println!("going");
    loop {
        let pool = pool(2);
        assert!(pool.map((0..10).map(Order::Echo)).map(number).eq(0..10));
    }
}

/// At any moment, so also between the start of a process and its first message.
fn workers_end_whenever_the_parent_is_killed() {
    let dir = tempfile::tempdir().unwrap();
    for round in 0..40 {
        let mark = new_mark(&format!("restless-{round}"));
        let mut command = in_role("restless-parent", &mark);
        let mut parent = command
            .env("TMPDIR", dir.path())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        first_line(&mut parent);
        thread::sleep(Duration::from_micros(round * 311));
        parent.kill().unwrap();
        parent.wait().unwrap();
        eventually("no worker lives", || marked(&mark).is_empty());
    }
}

fn processes_that_a_worker_leaves_behind_go_with_it() {
    let pool = pool(1);
    let left = number(pool.map([Order::LeaveBehind]).next().unwrap()) as u32;
    assert!(lives(left));
    drop(pool);
    eventually("what it left is gone", || !lives(left));
}

fn be_a_parent_of_noisy_workers() {
    let pool = pool(2);
    let noise = pool.map((0..10).map(|_| Order::Noise(1 << 20)));
    assert_eq!(
        noise
            .filter(|answer| matches!(answer, Ok(Answer::Nothing)))
            .count(),
        10
    );
    let said = pool.map([Order::Say("hello".into(), Box::new(Order::Echo(1)))]);
    assert_eq!(said.map(number).count(), 1);
    drop(pool);
    println!("done");
}

fn a_worker_that_writes_a_lot_is_not_held_up() {
    let mut command = in_role("noisy-parent", &new_mark("noisy"));
    let output = command.stderr(Stdio::piped()).output().unwrap();
    assert!(output.status.success());
    assert!(output.stderr.len() > 10_000_000, "all of it is forwarded");
    let whole = |line: &[u8]| line.len() == 99 || line.is_empty() || line.starts_with(b"hello");
    assert!(
        output.stderr.split(|&byte| byte == b'\n').all(whole),
        "no two lines are mixed"
    );
}

fn workers_stay_out_of_the_parents_output() {
    let mut command = in_role("noisy-parent", &new_mark("quiet"));
    let output = command.stderr(Stdio::null()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "done\n");
}

fn start_and_tell() {
    match try_pool(1, 0) {
        Ok(_) => println!("started"),
        Err(error) => println!("{error}"),
    }
}

fn the_temporary_directory_is_empty_afterwards() {
    let dir = tempfile::tempdir().unwrap();
    let mut command = in_role("start-and-tell", &new_mark("tmp"));
    let output = command.env("TMPDIR", dir.path()).output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "started\n");
    let left: Vec<io::Result<_>> = fs::read_dir(dir.path()).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
}

/// As a handler of Ctrl-C does, in the moment between the start of a worker and its first message.
fn end_while_workers_start() {
    let starting = thread::spawn(|| drop(try_pool(2, 0)));
    let not_yet = || fs::read_dir(std::env::temp_dir()).unwrap().next().is_none();
    while not_yet() && !starting.is_finished() {}
    procpool::remove_sockets();
    // Time enough for the workers to complain.
    thread::sleep(Duration::from_millis(100));
    std::process::exit(0);
}

fn a_worker_that_is_called_off_while_it_starts_says_nothing() {
    for _ in 0..10 {
        let dir = tempfile::tempdir().unwrap();
        let mut command = in_role("hasty-parent", &new_mark("hasty"));
        let output = command.env("TMPDIR", dir.path()).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert!(fs::read_dir(dir.path()).unwrap().next().is_none());
    }
}
