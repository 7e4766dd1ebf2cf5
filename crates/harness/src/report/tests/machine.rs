//! Memory, switches, the machine around blocks, and scaling.

use crate::measure::samples::{BlockState, Faults, MemorySample, Sample, Samples, Switches};
use crate::record::Model;
use crate::report::findings::{Comparison, NotFitted, Reason, ScenarioFindings};
use crate::report::notes::{notes, warnings};
use crate::report::tests::fixture::{
    PROCESSES, SEQUENTIAL, THREADS, case, control, drifting, header, runs, with_cpu,
};
use crate::report::words::sentences;
use crate::report::{analyse, csv, json, markdown};

fn measured() -> Samples {
    let mut samples = runs(THREADS, &drifting(20, 100_000, 1));
    samples.extend(runs(PROCESSES, &drifting(20, 200_000, 2)));
    Samples {
        samples,
        ..Samples::new(header(20, &[THREADS, PROCESSES]))
    }
}

fn found(measured: &Samples) -> ScenarioFindings {
    let found = analyse(measured).expect("sound samples");
    found.into_iter().next().expect("one scenario")
}

fn said(found: &ScenarioFindings) -> String {
    let said = sentences(found, &found.cases[0]);
    said.into_iter().map(|(_, line)| line).collect()
}

fn memory(contestant: &str, pass: u32, mebibytes: u64) -> MemorySample {
    MemorySample {
        scenario: "hasher".to_owned(),
        case: "large".to_owned(),
        contestant: contestant.to_owned(),
        workers: 2,
        pass,
        peak_pss_bytes: mebibytes << 20,
        private_bytes: (mebibytes - 1) << 20,
        shared_bytes: 1 << 20,
        peak_rss_sum_bytes: (mebibytes + 3) << 20,
        processes: 3,
        looks: 9,
        ran_ns: Some(300),
        delayed_ns: Some(100),
    }
}

fn block(block: u32) -> BlockState {
    BlockState {
        scenario: "hasher".to_owned(),
        case: "large".to_owned(),
        block,
        cores_before: Some(1.98),
        cores_after: Some(1.96),
        ..BlockState::default()
    }
}

#[test]
fn memory_is_said_shown_and_compared() {
    let mut measured = measured();
    measured.memory = vec![
        memory("threads", 0, 10),
        memory("processes", 0, 90),
        memory("processes", 1, 29),
        memory("processes", 2, 28),
    ];
    let found = found(&measured);
    let row = &found.cases[0].rows[1];
    let kept = row.memory.expect("somebody looked");
    assert_eq!((kept.peak_pss_bytes >> 20, kept.passes), (29, 3));
    assert_eq!(
        (kept.private_bytes + kept.shared_bytes),
        kept.peak_pss_bytes
    );
    assert_eq!(kept.ready_share, Some(0.25));
    assert_eq!(row.memory_ratio, Some(2.9));
    let said = said(&found);
    assert!(
        said.ends_with("; processes need 2.9 times the memory"),
        "{said}"
    );
    let page = markdown(&measured.header, std::slice::from_ref(&found));
    assert!(
        page.contains("| 29.0 MiB (28.0–90.0) | 28.0 MiB + 1.00 MiB |"),
        "{page}"
    );
    let table = csv(&[found]);
    assert!(
        table.contains(",30408704,29360128,1048576,33554432,3,2.9,0.25"),
        "{table}"
    );
}

#[test]
fn cases_are_looked_over_where_there_are_several() {
    let mut measured = measured();
    measured.memory = vec![memory("threads", 0, 10), memory("processes", 0, 29)];
    let mut second = measured.samples.clone();
    measured.header.scenarios[0]
        .cases
        .push(case("small", "many small ones"));
    for run in &mut second {
        run.case = "small".to_owned();
        run.wall_ns /= if run.contestant == "processes" { 4 } else { 1 };
    }
    measured.samples.extend(second);
    let page = markdown(&measured.header, &[found(&measured)]);
    assert!(
        page.contains("hasher: processes against threads over 2 cases: faster in 1, slower in 1"),
        "{page}"
    );
    assert!(
        page.contains("| hasher large | processes (2) | 2.00x (2.00–2.01) | 2.90x | slower |"),
        "{page}"
    );
    assert!(
        page.contains("| hasher small | processes (2) | 0.50"),
        "{page}"
    );
}

#[test]
fn one_case_needs_no_overall_table() {
    let measured = measured();
    assert!(!markdown(&measured.header, &[found(&measured)]).contains("## Overall"));
}

#[test]
fn memory_that_is_alike_is_not_worth_a_word() {
    let mut measured = measured();
    measured.memory = vec![memory("threads", 0, 100), memory("processes", 0, 105)];
    assert!(!said(&found(&measured)).contains("memory"));
    // With one run each, only much more is.
    measured.memory = vec![memory("threads", 0, 100), memory("processes", 0, 149)];
    assert!(!said(&found(&measured)).contains("memory"));
    measured.memory = vec![memory("threads", 0, 100), memory("processes", 0, 150)];
    assert!(said(&found(&measured)).contains("1.5 times the memory"));
    measured.memory[0].looks = 4;
    assert!(!said(&found(&measured)).contains("memory"));
    measured.memory[0].looks = 5;
    // With three, what is so in all of them.
    let three = |who, all: [u64; 3]| {
        (0..)
            .zip(all)
            .map(move |(pass, size)| memory(who, pass, size))
    };
    measured.memory = three("threads", [100, 101, 99]).collect();
    measured.memory.extend(three("processes", [120, 119, 102]));
    assert!(said(&found(&measured)).contains("1.2 times the memory"));
    // Half as much again, but not in every run.
    measured.memory = three("threads", [100, 101, 99]).collect();
    measured
        .memory
        .extend([memory("processes", 1, 150), memory("processes", 2, 99)]);
    assert!(!said(&found(&measured)).contains("memory"));
}

#[test]
fn what_nobody_counted_is_left_out_and_never_0() {
    let measured = measured();
    let found = found(&measured);
    let row = &found.cases[0].rows[0];
    assert_eq!((row.memory, row.switches, row.faults), (None, None, None));
    let page = markdown(&measured.header, std::slice::from_ref(&found));
    assert!(
        !page.contains("switches") && !page.contains("peak memory"),
        "{page}"
    );
    assert!(csv(std::slice::from_ref(&found)).contains(",,,,,,,,,,\n"));
    let text = json(&measured.header, &[found]);
    assert!(text.contains("\"memory\": null"), "{text}");
}

#[test]
fn switches_and_faults_are_medians() {
    let mut measured = measured();
    let threads = |run: &&mut Sample| run.contestant == "threads";
    for (number, run) in (0..).zip(measured.samples.iter_mut().filter(threads)) {
        run.switches = Some(Switches {
            voluntary: 1000 + number,
            involuntary: 10,
        });
        run.faults = Some(Faults {
            minor: number,
            major: 0,
        });
    }
    let found = found(&measured);
    let row = &found.cases[0].rows[0];
    // Blocks 1 to 20.
    assert_eq!(
        row.switches.map(|switches| switches.voluntary),
        Some(1010.5)
    );
    assert_eq!(row.faults.map(|faults| faults.minor), Some(10.5));
    assert_eq!(found.cases[0].rows[1].switches, None);
}

#[test]
fn blocks_without_their_cores_are_marked_and_do_not_count() {
    let mut measured = measured();
    measured.blocks = (0..=20).map(block).collect();
    measured.blocks[0].cores_before = Some(1.0);
    measured.blocks[4].cores_after = Some(1.1);
    measured.blocks[7].steal_share = Some(0.2);
    for run in measured
        .samples
        .iter_mut()
        .filter(|run| [4, 7].contains(&run.block))
    {
        run.wall_ns *= 5;
    }
    let found = found(&measured);
    let case = &found.cases[0];
    let marked: Vec<u32> = case
        .machine
        .marked
        .iter()
        .map(|block| block.block)
        .collect();
    assert_eq!(marked, [4, 7]);
    assert_eq!(case.machine.marked[0].reasons, [Reason::Cores(1.1)]);
    assert_eq!(
        (case.rows[0].n, case.complete_blocks, case.used_blocks),
        (18, 20, 18)
    );
    let note = "which do not count: 4 (1.1 cores); 7 (20 % stolen by the host)";
    assert!(
        notes(case).iter().any(|line| line.ends_with(note)),
        "{:?}",
        notes(case)
    );
}

#[test]
fn too_few_clean_blocks_are_not_measurable_whatever_the_times() {
    let mut measured = measured();
    let sequential = runs(SEQUENTIAL, &drifting(20, 190_000, 3));
    measured.samples.extend(sequential);
    measured.header = header(20, &[THREADS, PROCESSES, SEQUENTIAL]);
    measured.blocks = (0..=20).map(block).collect();
    for state in &mut measured.blocks[6..] {
        state.cores_before = Some(1.2);
    }
    let found = found(&measured);
    let expected = Comparison::NotMeasurable {
        clean: 5,
        of: 20,
        needed: 7,
    };
    assert_eq!(found.cases[0].rows[1].comparison, expected);
    let expected = "processes and threads: not measurable here: in 5 of 20 blocks the machine was what it \
                    should have been, 7 needed";
    assert!(said(&found).starts_with(expected), "{}", said(&found));
    // What it took is shown all the same, and no speed-up.
    let row = &found.cases[0].rows[1];
    assert_eq!(
        (row.n, row.wall_s.map(|wall| wall.n), row.speedup),
        (20, Some(20), None)
    );
    assert!(found.cases[0].scaling.is_empty());
    assert!(csv(&[found]).contains(",not-measurable,"));
}

#[test]
fn efficiency_divides_by_the_cores_that_were_there() {
    let mut measured = measured();
    measured.header = header(20, &[SEQUENTIAL, THREADS]);
    measured.samples.retain(|run| run.contestant == "threads");
    measured
        .samples
        .extend(runs(SEQUENTIAL, &drifting(20, 190_000, 1)));
    measured.blocks = (0..=20).map(block).collect();
    for state in &mut measured.blocks {
        (state.cores_before, state.cores_after) = (Some(1.9), Some(1.9));
    }
    let speedup = found(&measured).cases[0].rows[1]
        .speedup
        .expect("a sequential one ran");
    let efficiency = speedup.efficiency.expect("cores are known");
    assert!(
        (efficiency - speedup.ratio.point / 1.9).abs() < 1e-9,
        "{speedup:?}"
    );
}

#[test]
fn control_that_finds_a_difference_is_warned_of() {
    let mut measured = measured();
    let slower = drifting(20, 104_000, 1);
    measured.samples.extend(control(runs(THREADS, &slower)));
    let found = found(&measured);
    let warned: Vec<String> = warnings(&found.cases[0])
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    assert!(
        warned.iter().any(|line| line.starts_with(
            "control: threads differed from a second run of the same program, ratio 1.04"
        )),
        "{warned:?}"
    );
    // As many decimals as its ends need, which are not 1, whatever the baseline's own ratio is.
    let page = markdown(&measured.header, std::slice::from_ref(&found));
    assert!(page.contains("| baseline (1.04–1.04) |"), "{page}");
}

#[test]
fn who_waits_scales_beyond_the_cores() {
    for (cores_used, ideal) in [(0.6, 2.0), (0.4, 4.0)] {
        let mut measured = scaled(2, &[1, 2, 4], |workers| workers);
        measured.samples = with_cpu(measured.samples, cores_used);
        let found = found(&measured);
        let scaling = &found.cases[0].scaling[0];
        let found: Vec<f64> = scaling.points.iter().map(|point| point.ideal).collect();
        assert_eq!(found, [1.0, 2.0, ideal], "{cores_used}");
        assert_eq!(scaling.cores.is_none(), ideal > 2.0);
        assert_eq!(scaling.fit == Err(NotFitted::Waits), ideal > 2.0);
    }
}

/// Threads with each of these numbers of workers, on a machine with so many cores, where a task is done
/// in `1 / speed-up` of a second.
fn scaled(cores: u32, workers: &[u32], speedup: fn(f64) -> f64) -> Samples {
    let who: Vec<_> = workers
        .iter()
        .map(|&workers| ("threads", Model::Threads, workers))
        .collect();
    let mut samples = Vec::new();
    for (salt, one) in (1..).zip(&who) {
        let wall = 1e6 / speedup(f64::from(one.2));
        samples.extend(runs(*one, &drifting(10, wall as u64, salt)));
    }
    let mut header = header(10, &who);
    header.environment.cores = Some(cores);
    Samples {
        samples,
        ..Samples::new(header)
    }
}

#[test]
fn scaling_has_the_ideal_line_and_no_law_on_two_cores() {
    let measured = scaled(2, &[1, 2, 4], |workers| {
        workers.min(2.0) * 0.97_f64.powf(workers - 1.0)
    });
    let found = found(&measured);
    let [scaling] = &found.cases[0].scaling[..] else {
        panic!()
    };
    let ideal: Vec<f64> = scaling.points.iter().map(|point| point.ideal).collect();
    assert_eq!(ideal, [1.0, 2.0, 2.0]);
    assert_eq!(scaling.base, "threads (1)");
    assert!((1.85..2.0).contains(&scaling.points[1].speedup.point));
    assert_eq!(scaling.fit, Err(NotFitted::Cores(2)));
    assert!(
        notes(&found.cases[0])
            .iter()
            .any(|line| line.ends_with("not fitted: 2 cores"))
    );
}

#[test]
fn law_is_fitted_up_to_the_cores_and_found_again() {
    let law =
        |workers: f64| workers / (1.0 + 0.05 * (workers - 1.0) + 0.01 * workers * (workers - 1.0));
    let found_law = found(&scaled(8, &[1, 2, 4, 6, 8, 16], law));
    let scaling = &found_law.cases[0].scaling[0];
    let fit = scaling.fit.as_ref().expect("five points with cores");
    assert!(
        (fit.usl.sigma - 0.05).abs() < 0.02 && (fit.usl.kappa - 0.01).abs() < 0.004,
        "{fit:?}"
    );
    assert!(fit.worst_residual < 0.03 && fit.n == 10, "{fit:?}");
    let few = found(&scaled(8, &[1, 2, 16], law));
    assert_eq!(few.cases[0].scaling[0].fit, Err(NotFitted::Points(2)));
}
