//! What is counted, and what is refused.

use crate::measure::samples::{Header, Sample};
use crate::record::{Latency, Model};
use crate::report::findings::{CaseFindings, Comparison, Row};
use crate::report::tests::fixture::analyse;
use crate::report::tests::fixture::{
    PROCESSES, SEQUENTIAL, THREADS, control, drifting, header, record_of, run, runs, with_cpu,
};
use crate::report::{ReportError, check_outcome, csv, markdown, terminal};

fn case_of(blocks: u32, samples: &[Sample]) -> CaseFindings {
    let header = header(blocks, &[SEQUENTIAL, THREADS, PROCESSES]);
    analyse(&header, samples).expect("sound samples")[0].cases[0].clone()
}

fn row<'a>(case: &'a CaseFindings, name: &str) -> &'a Row {
    case.rows
        .iter()
        .find(|row| row.contestant == name)
        .expect("a row for each contestant")
}

fn ratio(row: &Row) -> (f64, usize) {
    let Comparison::Against(against) = &row.comparison else {
        panic!("{row:?}")
    };
    (against.judged.ratio.point, against.judged.ratio.n)
}

#[test]
fn warm_up_and_control_runs_are_not_counted() {
    let mut samples = runs(THREADS, &[9_000_000, 100, 100, 100, 100, 100, 100]);
    samples.extend(control(runs(
        THREADS,
        &[9_000_000, 700, 700, 700, 700, 700, 700],
    )));
    samples.extend(runs(PROCESSES, &[1, 200, 200, 200, 200, 200, 200]));
    let case = case_of(6, &samples);
    assert_eq!(
        row(&case, "threads")
            .wall_s
            .map(|wall| (wall.point, wall.n)),
        Some((0.0001, 6))
    );
    let (point, n) = ratio(row(&case, "processes"));
    assert!((point - 2.0).abs() < 1e-9 && n == 6);
    assert_eq!(case.noise.len(), 1);
    assert!((case.noise[0].ratio.point - 7.0).abs() < 1e-9);
}

#[test]
fn blocks_pair_by_number_even_where_some_lack_a_side() {
    // The machine doubles its times from block to block; blocks 3 and 6 lack one side.
    let mut samples = runs(THREADS, &[1, 100, 200, 400, 800, 1600, 3200, 6400, 12800]);
    samples.extend(runs(
        PROCESSES,
        &[1, 150, 300, 600, 1200, 2400, 4800, 9600, 19200],
    ));
    samples.retain(|run| (run.contestant.as_str(), run.block) != ("threads", 3));
    samples.retain(|run| (run.contestant.as_str(), run.block) != ("processes", 6));
    let header = header(9, &[THREADS, PROCESSES]);
    let case = &analyse(&header, &samples).expect("sound samples")[0].cases[0];
    let (point, n) = ratio(row(case, "processes"));
    assert!((point - 1.5).abs() < 1e-9, "{point}");
    assert_eq!((n, row(case, "threads").n, case.complete_blocks), (6, 7, 6));
    let text = markdown(&header, &analyse(&header, &samples).expect("sound samples"));
    assert!(
        text.contains("6 of 9 planned blocks hold every contestant"),
        "{text}"
    );
}

#[test]
fn speed_up_is_against_the_sequential_one_and_efficiency_by_cores() {
    let eight = ("threads", Model::Threads, 8);
    let mut samples = runs(SEQUENTIAL, &[1, 900, 900, 900, 900, 900, 900]);
    samples.extend(runs(eight, &[1, 500, 500, 500, 500, 500, 500]));
    let mut header = header(6, &[SEQUENTIAL, eight]);
    let speedup = |header: &Header| {
        let found = analyse(header, &samples).expect("sound samples");
        found[0].cases[0].rows[1]
            .speedup
            .expect("a sequential one ran")
    };
    let found = speedup(&header);
    assert!((found.ratio.point - 1.8).abs() < 1e-9);
    // Two cores, eight workers: divided by 2.
    assert!(
        found
            .efficiency
            .is_some_and(|share| (share - 0.9).abs() < 1e-9)
    );
    header.environment.cores = None;
    assert_eq!(speedup(&header).efficiency, None);
    // Whoever waits needs no core for it.
    header.environment.cores = Some(2);
    for (cores_used, shown) in [(0.6, true), (0.4, false)] {
        let samples = with_cpu(samples.clone(), cores_used);
        let found = analyse(&header, &samples).expect("sound samples");
        let speedup = found[0].cases[0].rows[1].speedup.expect("it ran");
        assert_eq!(speedup.efficiency.is_some(), shown, "{cores_used}");
    }
}

#[test]
fn a_program_in_another_language_is_held_to_its_like() {
    let alone = ("python-sequential", Model::Sequential, 1);
    let spread = ("python-threads", Model::Threads, 2);
    let mut samples = runs(SEQUENTIAL, &[1, 900, 900, 900, 900, 900, 900]);
    samples.extend(runs(THREADS, &[1, 500, 500, 500, 500, 500, 500]));
    samples.extend(runs(alone, &[1, 8000, 8000, 8000, 8000, 8000, 8000]));
    samples.extend(runs(spread, &[1, 8080, 8080, 8080, 8080, 8080, 8080]));
    for run in samples.iter_mut().filter(|run| run.contestant == spread.0) {
        record_of(run).version = "a loop, Python 3.14.0, GIL on".to_owned();
    }
    let header = header(6, &[SEQUENTIAL, THREADS, alone, spread]);
    let found = analyse(&header, &samples).expect("sound samples");
    let case = &found[0].cases[0];
    let speedup = |name| row(case, name).speedup.expect("it ran");
    assert!((speedup("threads").ratio.point - 1.8).abs() < 1e-9);
    // Its threads buy nothing there, however much slower than ours it is.
    assert!((speedup(spread.0).ratio.point - 8000.0 / 8080.0).abs() < 1e-9);
    assert!(speedup(alone.0).is_base);
    let text = markdown(&header, &found);
    let notes = [
        "- speed-up against python-sequential, and not against sequential: python-threads\n",
        "- programs of others: python-threads: a loop, Python 3.14.0, GIL on\n",
    ];
    for note in notes {
        assert!(text.contains(note), "{text}");
    }
}

#[test]
fn share_off_the_cpu_is_of_wall_time_times_workers() {
    let blocks = [1, 100, 100, 100, 100, 100, 100];
    for (cores_used, expected) in [(0.5, 0.75), (2.0, 0.0), (2.5, 0.0), (0.0, 1.0)] {
        let case = case_of(6, &with_cpu(runs(THREADS, &blocks), cores_used));
        let cpu = row(&case, "threads").cpu.expect("CPU time is there");
        assert!(
            cpu.off_share
                .is_some_and(|share| (share - expected).abs() < 1e-6),
            "{cores_used}: {cpu:?}"
        );
        assert!((cpu.user_s + cpu.system_s - cpu.total_s).abs() < 1e-12);
    }
    assert_eq!(
        row(&case_of(6, &runs(THREADS, &blocks)), "threads").cpu,
        None
    );
}

#[test]
fn waiting_is_the_time_at_tasks_without_cpu() {
    let blocks = [1, 100, 100, 100, 100, 100, 100];
    // Two workers, half a core: of 200 us, 50 with CPU.
    for (busy_us, expected) in [(50, 0.0), (20, 0.0), (200, 0.75), (100, 0.5)] {
        let mut samples = with_cpu(runs(THREADS, &blocks), 0.5);
        for run in &mut samples {
            record_of(run).busy_ns = Some(busy_us * 1000);
        }
        let cpu = row(&case_of(6, &samples), "threads").cpu.unwrap();
        let share = cpu.waiting_share.unwrap();
        assert!((share - expected).abs() < 1e-6, "{busy_us}: {share}");
    }
    let untold = case_of(6, &with_cpu(runs(THREADS, &blocks), 0.5));
    assert_eq!(row(&untold, "threads").cpu.unwrap().waiting_share, None);
}

#[test]
fn a_command_that_was_told_no_number_of_workers_has_no_share_off_the_cpu() {
    let mut header = header(6, &[THREADS]);
    let samples = with_cpu(runs(THREADS, &[1, 100, 100, 100, 100, 100, 100]), 0.5);
    let share = |header: &Header| {
        let found = analyse(header, &samples).expect("sound samples");
        found[0].cases[0].rows[0].cpu.unwrap().off_share
    };
    header.scenarios[0].contestants[0].command = Some("sort -u x".to_owned());
    assert_eq!(share(&header), None);
    header.scenarios[0].contestants[0].command = Some("sort --parallel={workers} x".to_owned());
    assert!(share(&header).is_some());
}

#[test]
fn task_times_are_medians_over_the_runs_that_tell() {
    let mut samples = runs(THREADS, &[1, 100, 100, 100]);
    for (run, p99_ns) in samples.iter_mut().zip([900, 3_000, 1_000]) {
        record_of(run).latency = Some(Latency {
            p99_ns,
            ..Latency::default()
        });
    }
    // The first is the warm-up, the last one does not tell.
    let case = case_of(3, &samples);
    let seen = row(&case, "threads").latency.unwrap();
    assert!((seen.p99_s - 2e-6).abs() < 1e-12, "{seen:?}");
}

#[test]
fn far_blocks_are_flagged_and_still_counted() {
    let mut walls = drifting(20, 100_000, 1);
    walls[7] *= 3;
    let mut samples = runs(THREADS, &drifting(20, 100_000, 2));
    samples.extend(runs(PROCESSES, &walls));
    let case = case_of(20, &samples);
    let Comparison::Against(against) = &row(&case, "processes").comparison else {
        panic!()
    };
    assert_eq!(against.flagged, [7]);
    assert_eq!(against.judged.ratio.n, 20);
    assert_eq!(against.without_flagged.map(|ratio| ratio.n), Some(19));
}

#[test]
fn another_answer_fails_the_comparison_and_shows_both_values() {
    let mut samples = runs(THREADS, &[1, 100, 100, 100, 100, 100, 100]);
    samples.extend(runs(PROCESSES, &[1, 50, 50, 50, 50, 50, 50]));
    let last = samples.len() - 1;
    record_of(&mut samples[last]).outcome.items = 3;
    record_of(&mut samples[last]).outcome.checksum = "badbad".to_owned();
    let header = header(6, &[THREADS, PROCESSES]);
    let found = analyse(&header, &samples).expect("a finding, no error");
    let row = row(&found[0].cases[0], "processes");
    assert_eq!(row.comparison, Comparison::OtherAnswer);
    assert_eq!((row.wall_s, row.n), (None, 0));
    let said = "hasher, large: processes (workers 2) answered otherwise in block 6 than threads (workers 2) in block 0: \
                items 3 instead of 4, checksum badbad instead of c0ffee";
    assert_eq!(
        found[0]
            .mismatches()
            .map(ToString::to_string)
            .collect::<Vec<_>>(),
        [said]
    );
    for text in [
        markdown(&header, &found),
        terminal(&header, &found, None, false),
    ] {
        assert!(
            text.contains("not compared, because their answers differ"),
            "{text}"
        );
        assert!(
            text.contains(said) && !text.contains("faster than"),
            "{text}"
        );
    }
    assert!(csv(&found).contains(",answer-differs,"));
    assert_eq!(
        check_outcome(&samples[0], &samples[last]).map_err(|e| e.to_string()),
        Err(said.into())
    );
    assert_eq!(check_outcome(&samples[0], &samples[last - 1]), Ok(()));
}

#[test]
fn results_that_are_one_s_own_are_held_to_the_counts_and_to_themselves() {
    let mut header = header(6, &[THREADS, PROCESSES]);
    header.scenarios[0].contestants[1].own_checksum = true;
    let walls = [1, 100, 100, 100, 100, 100, 100];
    let mut samples = runs(THREADS, &walls);
    samples.extend(runs(PROCESSES, &walls));
    for run in &mut samples[walls.len()..] {
        record_of(run).outcome.checksum = "0wn".to_owned();
    }
    let said = |samples: &[Sample]| {
        let found = analyse(&header, samples).expect("a finding, no error");
        let mismatches: Vec<_> = found[0].mismatches().map(ToString::to_string).collect();
        (mismatches, markdown(&header, &found))
    };
    let (mismatches, text) = said(&samples);
    assert_eq!(mismatches, [""; 0]);
    let note = "not to the checksum, as their results are their own: processes\n";
    assert!(text.contains(note), "{text}");

    record_of(samples.last_mut().unwrap()).outcome.checksum = "new".to_owned();
    let of_itself = "processes (workers 2) answered otherwise in block 6 than processes (workers 2) in block 0: \
                     checksum new instead of 0wn";
    assert_eq!(said(&samples).0, [format!("hasher, large: {of_itself}")]);

    record_of(samples.last_mut().unwrap()).outcome.failed = 1;
    let counts = "processes (workers 2) answered otherwise in block 6 than threads (workers 2) in block 0: \
                  failed items 1 instead of 0";
    assert_eq!(said(&samples).0, [format!("hasher, large: {counts}")]);
}

#[test]
fn baseline_that_contradicts_itself_is_compared_with_nobody() {
    let mut samples = runs(THREADS, &[1, 100, 100, 100, 100, 100, 100]);
    samples.extend(control(runs(THREADS, &[1, 100, 100, 100, 100, 100, 100])));
    samples.extend(runs(PROCESSES, &[1, 50, 50, 50, 50, 50, 50]));
    record_of(&mut samples[9]).outcome.bytes += 1;
    let case = case_of(6, &samples);
    assert_eq!(case.mismatches.len(), 1);
    assert_eq!(row(&case, "processes").comparison, Comparison::OtherAnswer);
    assert_eq!(row(&case, "threads").comparison, Comparison::OtherAnswer);
}

#[test]
fn an_answer_is_held_to_the_control_run_where_a_measurement_broke_off_before_the_other() {
    let mut samples = control(runs(THREADS, &[1]));
    samples.extend(runs(PROCESSES, &[1]));
    record_of(&mut samples[1]).outcome.bytes += 1;
    assert_eq!(case_of(6, &samples).mismatches.len(), 1);
}

#[test]
fn samples_that_do_not_fit_the_plan_are_refused_by_name() {
    let analysed = |samples: &[Sample]| analyse(&header(6, &[THREADS]), samples).map(|_| ());
    let sample = || "hasher, large, threads, 2 workers, block 1".to_owned();
    let mut timeless = run(THREADS, 1, 5);
    timeless.wall_ns = 0;
    assert_eq!(
        analysed(&[timeless]),
        Err(ReportError::NoTime { sample: sample() })
    );
    let twice = [run(THREADS, 1, 5), run(THREADS, 1, 6)];
    assert_eq!(
        analysed(&twice),
        Err(ReportError::Twice { sample: sample() })
    );
    let stray = analysed(&[run(PROCESSES, 1, 5)]).map_err(|error| error.to_string());
    let named = "hasher, large, processes, 2 workers, block 1";
    assert_eq!(
        stray,
        Err(format!(
            "a sample is not in the plan of the file's first line: {named}"
        ))
    );
    let no_baseline = analyse(&header(6, &[PROCESSES]), &[]);
    assert!(
        matches!(no_baseline, Err(ReportError::NoBaseline { .. })),
        "{no_baseline:?}"
    );
}

#[test]
fn as_many_workers_are_compared_where_the_baseline_has_several_numbers() {
    let four = |name, model| (name, model, 4);
    let who = [
        THREADS,
        four("threads", Model::Threads),
        PROCESSES,
        four("processes", Model::Processes),
    ];
    let walls = [[1; 7], [1; 7], [1; 7], [1; 7]];
    let mut samples = Vec::new();
    for ((who, walls), level) in who.into_iter().zip(walls).zip([100, 50, 200, 150]) {
        samples.extend(runs(who, &walls.map(|wall| wall * level)));
    }
    let found = analyse(&header(6, &who), &samples).expect("sound samples");
    let rows = &found[0].cases[0].rows;
    assert!((ratio(&rows[2]).0 - 2.0).abs() < 1e-9);
    assert!((ratio(&rows[3]).0 - 3.0).abs() < 1e-9);
    assert_eq!(rows[3].label, "processes (4)");
}
