//! What is counted.

use super::*;

/// Few enough that the slow mechanisms are done at once, enough that workers get in each other's way, and not to be divided
/// by any number of them.
const FEW: u64 = 20_003;

/// How often each cure is tried with each number of workers. All of a thousand take minutes: a whole run, with this
/// variable set, belongs to a change of the mechanisms.
fn repetitions() -> u32 {
    std::env::var("COUNTER_REPETITIONS").map_or(1, |number| number.parse().unwrap())
}

#[test]
fn every_cure_is_right_with_any_number_of_workers() {
    let few = FEW.to_string();
    for workers in 1..=if is_sequential() { 1 } else { 16 } {
        for repetition in 0..repetitions() {
            // With work between look and write, or in the lock: without, it would be over before all have begun, and
            // a lock that is not one would not be noticed.
            let workers = workers.to_string();
            let args = [
                "--increments",
                &few,
                "--critical",
                "100",
                "--workers",
                &workers,
            ];
            let record = record(&args);
            assert_eq!(record.counts.len(), Mechanism::ALL.len());
            for count in record
                .counts
                .iter()
                .filter(|count| !is_wrong_on_purpose(count))
            {
                let told = format!("{workers} workers, repetition {repetition}: {count:?}");
                assert_eq!((count.expected, count.counted), (FEW, FEW), "{told}");
            }
        }
    }
}

#[test]
fn own_copy_shows_nothing_to_whoever_asks() {
    let record = record(&["--mechanism", "own-copy", "--increments", "1000"]);
    let counted = if is_sequential() { 1_000 } else { 0 };
    assert_eq!(record.counts[0].counted, counted);
}

/// That it loses depends on the machine. That it can, and what a run that loses says, does not: see the loom tests for
/// the one, and this for the other.
#[test]
fn a_race_never_fails_a_run_and_its_record_is_the_same_whatever_it_loses() {
    let args = ["--mechanism", "lost-update", "--increments", "3000000"];
    let (one, other) = (record(&args), record(&args));
    assert_eq!(one.run.outcome, other.run.outcome);
    assert_eq!(
        (one.run.outcome.items, one.run.outcome.failed),
        (3_000_000, 0)
    );
    assert!(one.counts[0].counted >= 1 && one.counts[0].counted <= 3_000_000);
}

#[test]
fn the_race_is_called_wrong_whether_it_showed_or_not() {
    if is_sequential() {
        return;
    }
    let output = Command::new(PROGRAM)
        .args(["--mechanism", "lost-update", "--increments", "1000000"])
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(
        contains(&output.stderr, "lost-update is wrong on purpose"),
        "{output:?}"
    );
}

#[test]
fn on_one_core_a_run_says_why_the_race_may_not_show() {
    if is_sequential() {
        return;
    }
    let pinned = |args: &[&str]| {
        let mut command = Command::new("taskset");
        command.args(["-c", &first_core(), PROGRAM]).args(args);
        command.output()
    };
    // So short that it is over before the system takes a worker off its core; that may happen all the same.
    let args = ["--mechanism", "lost-update", "--increments", "100"];
    for _ in 0..20 {
        let Ok(output) = pinned(&args) else {
            eprintln!("skipped: no taskset");
            return;
        };
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        assert!(contains(&output.stderr, "wrong"), "{output:?}");
        if contains(&output.stderr, "there is one core") {
            return;
        }
    }
    panic!("the race showed in every run");
}

/// The first core that this test may use.
fn first_core() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = list.unwrap_or("0").trim().split([',', '-']).next();
    first.unwrap_or("0").to_owned()
}

#[test]
fn pinned_workers_and_work_with_the_lock_held_change_nothing_of_the_count() {
    if is_sequential() || !cfg!(target_os = "linux") {
        return;
    }
    let record = record(&[
        "--increments",
        "300",
        "--pin",
        "--critical",
        "500",
        "--workers",
        "3",
    ]);
    for count in record
        .counts
        .iter()
        .filter(|count| !is_wrong_on_purpose(count))
    {
        assert_eq!(count.counted, 300, "{count:?}");
        // Each increment of a lock's, one after the other, has its half microsecond. Without that work, it is a tenth.
        if ["mutex", "spin", "rwlock", "file-lock"].contains(&count.mechanism.as_str()) {
            assert!(count.busy_ns > 300 * 200, "{count:?}");
        }
    }
}

#[test]
fn fewer_increments_than_workers_and_none_at_all() {
    for increments in [0, 1, 3] {
        let record = record(&["--increments", &increments.to_string()]);
        for count in record
            .counts
            .iter()
            .filter(|count| !is_wrong_on_purpose(count))
        {
            assert_eq!(count.counted, increments, "{count:?}");
        }
    }
}
