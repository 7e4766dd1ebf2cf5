//! Whole pages, as they are printed. What is expected stands in `expected/`: when a page is meant to
//! change, read the new one and put it there.

use crate::measure::samples::{Header, Sample};
use crate::record::{Latency, Model};
use crate::report::tests::fixture::analyse;
use crate::report::tests::fixture::{
    PROCESSES, SEQUENTIAL, THREADS, case, control, drifting, header, record_of, runs, with_cpu,
};
use crate::report::{ScenarioFindings, csv, markdown, scenario_markdown, terminal};

const PYTHON: (&str, Model, u32) = ("python-threads", Model::Threads, 2);

/// Two cases, four contestants, ten blocks.
pub(super) fn measurement() -> (Header, Vec<Sample>) {
    let mut header = header(10, &[SEQUENTIAL, THREADS, PROCESSES, PYTHON]);
    header.environment.cpu = Some("Example CPU | 9".to_owned());
    header.environment.memory_bytes = Some(8_321_499_136);
    header.environment.system = Some("Linux 6.18".to_owned());
    header.scenarios[0]
        .cases
        .push(case("small", "20,000 files of 1 kB"));
    let large = [660_000, 341_000, 346_000, 352_000];
    let small = [142_000, 96_000, 131_000, 1_310_000];
    let mut samples = of_case("large", large);
    samples.extend(of_case("small", small));
    (header, samples)
}

fn of_case(case: &str, levels: [u64; 4]) -> Vec<Sample> {
    let who = [SEQUENTIAL, THREADS, PROCESSES, PYTHON];
    let mut samples = control(runs(THREADS, &drifting(10, levels[1], 9)));
    for ((who, level), salt) in who.into_iter().zip(levels).zip(1..) {
        let mut walls = drifting(10, level, salt);
        if who == PYTHON {
            walls[4] *= 2;
        }
        samples.extend(with_cpu(runs(who, &walls), f64::from(who.2) * 0.955));
    }
    for run in &mut samples {
        case.clone_into(&mut run.case);
        // The project's own programs tell how long their tasks took; they are at one for 97 % of the time.
        if run.contestant != PYTHON.0 {
            let wall_ns = run.wall_ns;
            let available_ns = wall_ns * u64::from(run.workers);
            let record = record_of(run);
            record.busy_ns = Some(available_ns * 97 / 100);
            record.latency = Some(Latency {
                p50_ns: wall_ns / 40,
                p90_ns: wall_ns / 35,
                p99_ns: wall_ns / 30,
                max_ns: wall_ns / 20,
            });
        }
    }
    samples
}

fn found() -> (Header, Vec<ScenarioFindings>) {
    let (header, samples) = measurement();
    let found = analyse(&header, &samples).expect("sound samples");
    (header, found)
}

/// Prints the whole page where it differs, so that it can be read and kept.
fn assert_is(found: &str, expected: &str) {
    assert!(found == expected, "the page is now:\n{found}");
}

#[test]
fn markdown_page() {
    let (header, found) = found();
    assert_is(
        &markdown(&header, &found),
        include_str!("expected/tables.md"),
    );
}

#[test]
fn part_of_a_readme() {
    let (header, found) = found();
    assert_is(
        &scenario_markdown(&header, &found[0]),
        include_str!("expected/part.md"),
    );
}

#[test]
fn csv_table() {
    assert_is(&csv(&found().1), include_str!("expected/tables.csv"));
}

#[test]
fn terminal_of_80_columns() {
    let (header, found) = found();
    let page = terminal(&header, &found, Some(80), false);
    assert_is(&page, include_str!("expected/terminal-80.txt"));
}

#[test]
fn terminal_of_120_columns() {
    let (header, found) = found();
    let page = terminal(&header, &found, Some(120), false);
    assert_is(&page, include_str!("expected/terminal-120.txt"));
}

#[test]
fn no_line_is_wider_than_the_terminal() {
    let (header, found) = found();
    for width in 60..160 {
        for line in terminal(&header, &found, Some(width), false).lines() {
            assert!(
                line.chars().count() <= usize::from(width),
                "{width}: {line}"
            );
        }
    }
}

#[test]
fn colours_change_nothing_but_colours() {
    let (header, found) = found();
    let plain = terminal(&header, &found, Some(100), false);
    let mut coloured = terminal(&header, &found, Some(100), true);
    assert!(coloured.contains("\x1b[1m") && !plain.contains('\x1b'));
    for code in ["\x1b[0m", "\x1b[1m", "\x1b[2m", "\x1b[33m"] {
        coloured = coloured.replace(code, "");
    }
    assert_eq!(coloured, plain);
}

#[test]
fn order_of_samples_does_not_matter() {
    let (header, mut samples) = measurement();
    let page = |samples: &[Sample]| {
        let found = analyse(&header, samples).expect("sound samples");
        markdown(&header, &found) + &csv(&found) + &terminal(&header, &found, None, true)
    };
    let before = page(&samples);
    samples.reverse();
    samples.rotate_left(17);
    assert_eq!(page(&samples), before);
}

#[test]
fn nothing_measured_is_said_without_figures() {
    let (header, all) = measurement();
    let warm_up: Vec<Sample> = all.into_iter().filter(|run| run.block == 0).collect();
    for samples in [Vec::new(), warm_up] {
        let found = analyse(&header, &samples).expect("no samples are no error");
        let pages = [
            markdown(&header, &found),
            scenario_markdown(&header, &found[0]),
            terminal(&header, &found, Some(80), false),
        ];
        for page in pages {
            assert_eq!(page.matches("no counted block").count(), 2, "{page}");
            assert!(
                !page.contains("NaN") && !page.contains("faster than"),
                "{page}"
            );
        }
        let table = csv(&found);
        assert_eq!(table.lines().count(), 1 + 8);
        assert!(
            table.contains("hasher,large,processes,processes,2,0,,,,,"),
            "{table}"
        );
    }
    let mut empty = header;
    empty.scenarios.clear();
    assert!(markdown(&empty, &[]).contains("Nothing was compared."));
    assert!(terminal(&empty, &[], None, false).contains("nothing was compared"));
}

#[test]
fn columns_of_which_nothing_is_known_are_left_out() {
    let mut samples = runs(THREADS, &drifting(10, 100, 1));
    samples.extend(runs(PROCESSES, &drifting(10, 200, 2)));
    let header = header(10, &[THREADS, PROCESSES]);
    let found = analyse(&header, &samples).expect("sound samples");
    let page = scenario_markdown(&header, &found[0]);
    let titles = "| contestant (workers) | wall time (95% CI) | time vs threads (95% CI) | n |\n";
    assert!(page.contains(titles), "{page}");
}

#[test]
fn text_of_others_breaks_no_table() {
    let (mut header, samples) = measurement();
    header.scenarios[0].cases[0].title = "a|b \"c\", *d*\n<!-- e".to_owned();
    header.command = "versus run '```'".to_owned();
    header.started_s = u64::MAX;
    let found = analyse(&header, &samples).expect("sound samples");
    let page = markdown(&header, &found);
    assert!(
        page.contains("\\*d\\* \\<!-- e") && page.contains("a\\|b"),
        "{page}"
    );
    assert!(page.contains("````sh\nversus run '```'\n````"), "{page}");
}

#[test]
fn csv_quotes_what_must_be_quoted() {
    let (mut header, mut samples) = measurement();
    let name = "a,\"b\"\nc";
    header.scenarios[0].name = name.to_owned();
    for run in &mut samples {
        run.scenario = name.to_owned();
    }
    let table = csv(&analyse(&header, &samples).expect("sound samples"));
    assert!(
        table.contains("\n\"a,\"\"b\"\"\nc\",large,sequential,"),
        "{table}"
    );
}
