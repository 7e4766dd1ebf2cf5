//! What changed between two measurements.

use crate::measure::samples::{BlockState, Samples};
use crate::report::tests::fixture::{
    PROCESSES, SEQUENTIAL, THREADS, drifting, header, record_of, runs,
};
use crate::report::{changes, diff};

/// Threads at 100 ms, and processes at so many us, in 20 blocks; everything `slower` times slower.
fn measured(processes: u64, slower: f64) -> Samples {
    let mut samples = runs(THREADS, &drifting(20, (100_000.0 * slower) as u64, 1));
    samples.extend(runs(
        PROCESSES,
        &drifting(20, (processes as f64 * slower) as u64, 2),
    ));
    Samples {
        samples,
        ..Samples::new(header(20, &[THREADS, PROCESSES]))
    }
}

fn page(before: &Samples, after: &Samples) -> String {
    changes(&diff(before, after).expect("sound samples"), None, false)
}

#[test]
fn change_of_one_program_is_said_of_that_one_alone() {
    let page = page(&measured(150_000, 1.0), &measured(300_000, 1.0));
    assert!(
        page.contains("processes are 2.00x slower than before (95% CI"),
        "{page}"
    );
    assert!(page.contains("20 and 20 runs)"), "{page}");
    assert!(
        page.contains("threads: no change that these runs could show: 1.00x"),
        "{page}"
    );
    assert!(
        !page.contains("alike: that") && !page.contains("two machines"),
        "{page}"
    );
}

#[test]
fn change_of_all_alike_is_laid_at_the_door_of_the_machine() {
    let (before, after) = (measured(150_000, 1.0), measured(150_000, 1.5));
    let page = page(&before, &after);
    assert!(
        page.contains("all changed alike: that speaks for the machine"),
        "{page}"
    );
    let found = diff(&before, &after).expect("sound samples");
    let [threads, processes] = &found.cases[0].changes[..] else {
        panic!()
    };
    assert_eq!(threads.relative, None);
    assert!((processes.judged.ratio.point - 1.5).abs() < 0.02);
    let relative = processes.relative.expect("both ran with the baseline");
    assert!((relative.point - 1.0).abs() < 0.01, "{relative:?}");
}

#[test]
fn swapped_folders_say_the_inverse() {
    let (before, after) = (measured(150_000, 1.0), measured(300_000, 1.0));
    let ratio = |one: &Samples, other: &Samples| {
        diff(one, other).expect("sound samples").cases[0].changes[1]
            .judged
            .ratio
            .point
    };
    assert!((ratio(&before, &after) * ratio(&after, &before) - 1.0).abs() < 1e-9);
}

#[test]
fn another_machine_and_what_else_is_new_are_told_apart() {
    let (before, mut after) = (measured(150_000, 1.0), measured(150_000, 1.0));
    after.header.environment.compiler = Some("rustc 2".to_owned());
    let found = diff(&before, &after).expect("sound samples");
    assert_eq!((found.machine.len(), found.around.len()), (0, 1));
    after.header.environment.cores = Some(8);
    let found = diff(&before, &after).expect("sound samples");
    assert_eq!(found.machine[0].name, "cores usable");
    let page = page(&before, &after);
    assert!(page.starts_with("two machines are compared"), "{page}");
    assert!(
        page.contains("compiler: unknown before, rustc 2 after"),
        "{page}"
    );
}

#[test]
fn what_only_one_holds_is_named_and_not_compared() {
    let (before, mut after) = (measured(150_000, 1.0), measured(150_000, 1.0));
    after.header.scenarios[0].contestants.remove(1);
    after.samples.retain(|run| run.contestant == "threads");
    let sequential = header(20, &[SEQUENTIAL]).scenarios[0].contestants[0].clone();
    after.header.scenarios[0].contestants.push(sequential);
    let page = page(&before, &after);
    assert!(
        page.contains("not compared: hasher, large, processes (2): only in the first"),
        "{page}"
    );
    assert!(
        page.contains("not compared: hasher, large, sequential (1): only in the second"),
        "{page}"
    );
}

#[test]
fn another_amount_of_work_is_not_compared() {
    let (before, mut after) = (measured(150_000, 1.0), measured(150_000, 1.0));
    for run in &mut after.samples {
        record_of(run).outcome.bytes += 1;
    }
    let page = page(&before, &after);
    assert!(
        page.contains("hasher, large: the work is not the same in both"),
        "{page}"
    );
    assert!(page.contains("nothing is in both"), "{page}");
}

#[test]
fn few_runs_make_no_claim() {
    let few = |level| {
        let mut measured = measured(level, 1.0);
        measured.samples.retain(|run| run.block < 4);
        measured
    };
    let page = page(&few(150_000), &few(600_000));
    assert!(
        page.contains("processes: too few runs for a claim (5 of each needed): 4.00x"),
        "{page}"
    );
}

#[test]
fn what_was_not_measurable_is_not_compared() {
    let (before, mut after) = (measured(150_000, 1.0), measured(300_000, 1.0));
    let one_core = |block| BlockState {
        scenario: "hasher".to_owned(),
        case: "large".to_owned(),
        block,
        cores_before: Some(1.0),
        ..BlockState::default()
    };
    after.blocks = (0..=17).map(one_core).collect();
    let page = page(&before, &after);
    assert!(
        page.contains("hasher, large: not measurable: too few blocks"),
        "{page}"
    );
    assert!(!page.contains("slower"), "{page}");
}
