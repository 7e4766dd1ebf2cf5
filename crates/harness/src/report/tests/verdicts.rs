//! The sentences, word for word.

use crate::measure::samples::Sample;
use crate::record::Model;
use crate::report::findings::ScenarioFindings;
use crate::report::notes::{notes, warnings};
use crate::report::tests::fixture::analyse;
use crate::report::tests::fixture::{
    PROCESSES, THREADS, control, drifting, header, record_of, runs,
};
use crate::report::words::sentences;

fn found(samples: &[Sample]) -> ScenarioFindings {
    let found = analyse(&header(20, &[THREADS, PROCESSES]), samples).expect("sound samples");
    found.into_iter().next().expect("one scenario")
}

/// What is said of `processes` that take `level` where `threads` take 100,000 us.
fn said(n: u32, level: u64) -> String {
    let mut samples = runs(THREADS, &drifting(n, 100_000, 1));
    samples.extend(runs(PROCESSES, &drifting(n, level, 2)));
    said_of(&samples)
}

fn said_of(samples: &[Sample]) -> String {
    let found = found(samples);
    let said: Vec<String> = sentences(&found, &found.cases[0])
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    said.join("\n")
}

#[test]
fn differences_are_said_with_factor_interval_and_blocks() {
    assert_eq!(
        said(20, 50_000),
        "processes are 2.00x faster than threads (95% CI 1.99 to 2.00, 20 blocks)"
    );
    assert_eq!(
        said(10, 181_000),
        "processes are 1.81x slower than threads (95% CI 1.80 to 1.82, 10 blocks)"
    );
}

#[test]
fn equivalence_is_said_and_which_side_it_leans_to() {
    assert_eq!(
        said(20, 100_000),
        "processes and threads are equivalent within 3 %: ratio 1.000 (95% CI 0.998 to 1.003, 20 blocks)"
    );
    assert_eq!(
        said(20, 102_000),
        "processes and threads are equivalent within 3 %, processes a little slower: ratio 1.020 \
         (95% CI 1.018 to 1.023, 20 blocks)"
    );
}

#[test]
fn nothing_shown_is_not_called_equal() {
    let mut samples = runs(THREADS, &[100; 11]);
    samples.extend(runs(
        PROCESSES,
        &[1, 90, 92, 95, 97, 99, 101, 103, 106, 109, 113],
    ));
    assert_eq!(
        said_of(&samples),
        "processes and threads: no difference that this run could show: ratio 1.00 (95% CI 0.95 to \
         1.06, 10 blocks)"
    );
}

#[test]
fn too_few_blocks_are_said_to_be_too_few() {
    assert_eq!(
        said(5, 200_000),
        "processes and threads: 5 blocks are too few for a 95% interval (6 needed): ratio 2.00 (5 \
         blocks, no interval)"
    );
    assert!(said(1, 200_000).starts_with("processes and threads: 1 block is too few for"));
    assert!(said(6, 200_000).starts_with("processes are 2.00x slower than threads (95% CI"));
}

#[test]
fn no_counted_block_is_no_verdict() {
    let nothing = "no counted block, so nothing to compare";
    assert_eq!(said_of(&[]), nothing);
    assert_eq!(said(0, 200_000), nothing);
    let mut samples = runs(THREADS, &[1, 100, 100]);
    samples.extend(runs(PROCESSES, &[1]));
    assert_eq!(
        said_of(&samples),
        "processes and threads: no counted block holds both"
    );
}

#[test]
fn equal_ratios_in_all_blocks_are_equivalent() {
    let mut samples = runs(THREADS, &[500; 7]);
    samples.extend(runs(PROCESSES, &[500; 7]));
    assert_eq!(
        said_of(&samples),
        "processes and threads are equivalent within 3 %: ratio 1.00 (95% CI 1.00 to 1.00, 6 blocks)"
    );
}

/// Processes that take 5 % longer, where the second run of the same program takes `control` instead of
/// 100,000 us.
fn with_control(level: u64) -> Vec<Sample> {
    let mut samples = runs(THREADS, &drifting(20, 100_000, 1));
    samples.extend(runs(PROCESSES, &drifting(20, 105_000, 2)));
    samples.extend(control(runs(THREADS, &drifting(20, level, 3))));
    samples
}

#[test]
fn claim_no_greater_than_the_noise_carries_a_warning() {
    let warning = "; careful: in the same blocks the same program differed from itself by 8.0 %";
    let doubtful = said_of(&with_control(108_000));
    assert!(
        doubtful.contains("1.050x slower") && doubtful.ends_with(warning),
        "{doubtful}"
    );
    let other_way = said_of(&with_control(92_593));
    assert!(other_way.ends_with(warning), "{other_way}");
    let clear = said_of(&with_control(100_400));
    assert!(
        clear.contains("1.050x slower") && !clear.contains("careful"),
        "{clear}"
    );
}

#[test]
fn noise_floor_is_printed_and_not_subtracted() {
    let found = found(&with_control(108_000));
    let line = "noise floor: threads against threads: 1.080x (1.076 to 1.083)";
    assert_eq!(notes(&found.cases[0]), [line]);
}

#[test]
fn doubtful_runs_are_warned_about() {
    let mut samples = runs(THREADS, &drifting(20, 100_000, 1));
    samples.extend(runs(PROCESSES, &drifting(20, 200_000, 2)));
    for run in &mut samples {
        record_of(run).outcome.failed = 1;
    }
    record_of(&mut samples[30]).unoptimised = true;
    let found = found(&samples);
    let lines: Vec<String> = warnings(&found.cases[0])
        .into_iter()
        .map(|(_, line)| line)
        .collect();
    assert_eq!(
        lines,
        [
            "built without optimisation, so their times are not representative: processes",
            "up to 1 item failed in a run of: threads, processes",
        ]
    );
}

#[test]
fn names_of_programs_take_a_singular_verb() {
    let tool = ("sha256sum", Model::Processes, 2);
    let mut samples = runs(THREADS, &drifting(20, 100_000, 1));
    samples.extend(runs(tool, &drifting(20, 400_000, 2)));
    let found = analyse(&header(20, &[THREADS, tool]), &samples).expect("sound samples");
    let said = sentences(&found[0], &found[0].cases[0]);
    assert!(
        said[0]
            .1
            .starts_with("sha256sum is 4.00x slower than threads"),
        "{said:?}"
    );
}

#[test]
fn claim_held_back_by_the_correction_says_so() {
    // Six comparisons, of which five show nothing; p of the first is 0.02.
    let names = ["processes", "a", "b", "c", "d", "e"];
    let who: Vec<_> = std::iter::once(THREADS)
        .chain(names.map(|name| (name, Model::Processes, 2)))
        .collect();
    let mut samples = runs(THREADS, &[1000; 10]);
    samples.extend(runs(
        who[1],
        &[1, 995, 998, 1050, 1080, 1090, 1110, 1120, 1140, 1060],
    ));
    for other in &who[2..] {
        samples.extend(runs(
            *other,
            &[1, 900, 1100, 850, 1150, 800, 1200, 950, 1050, 1000],
        ));
    }
    let found = analyse(&header(9, &who), &samples).expect("sound samples");
    let said = sentences(&found[0], &found[0].cases[0]);
    assert!(
        said[0]
            .1
            .contains("no difference that this run could show over its 6 comparisons: ratio"),
        "{said:?}"
    );
    assert!(
        said[1]
            .1
            .contains("no difference that this run could show: ratio"),
        "{said:?}"
    );
}
