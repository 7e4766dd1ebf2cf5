//! What was found, as tables and pictures.

use std::path::Path;

use anyhow::{Context, Result};
use counter::{Count, Mechanism};
use harness::chart::{Chart, Head, Look, MarksRow, Quantity, Size, marks};
use harness::measure::environment::Environment;
use harness::record::Model;
use harness::report::numbers::{ratio, time};
use harness::stats::LEVEL;
use harness::stats::median::{bootstrap, median_of};
use harness::stats::ratio::PairedTimes;
use harness::stats::verdict::Comparable;

use crate::Options;
use crate::runs::Runs;

/// Both tables as Markdown, and both pictures.
pub(crate) struct Page {
    pub(crate) text: String,
    pub(crate) cost: Chart,
    pub(crate) loss: Chart,
}

/// One mechanism by both models.
struct Row<'a> {
    name: &'a str,
    threads: &'a [Count],
    processes: &'a [Count],
}

impl Page {
    pub(crate) fn of(runs: &Runs, options: &Options) -> Result<Self> {
        let (workers, seed) = (options.workers, options.seed);
        let rows = rows(runs)?;
        let blocks = rows.first().map_or(0, |row| row.threads.len());
        let about = format!("{workers} workers; medians of {blocks} runs with 95 % intervals");
        let cost = picture(
            &rows,
            &about,
            seed,
            Quantity::Time("wall time an increment"),
            Count::nanoseconds,
        )?;
        let loss = picture(
            &rows,
            &about,
            seed,
            Quantity::Share("of the increments are lost"),
            Count::lost,
        )?;
        let text = format!(
            "{}\n{}\n{}",
            costs(&rows, seed)?,
            shares(&rows)?,
            provenance(blocks, options)
        );
        Ok(Self { text, cost, loss })
    }
}

fn rows(runs: &Runs) -> Result<Vec<Row<'_>>> {
    let of = |name: &str, model: Model| {
        let found = runs.iter().find(|(one, by, _)| one == name && *by == model);
        found
            .map(|(_, _, counts)| counts.as_slice())
            .context("a mechanism is missing")
    };
    let row = |mechanism: Mechanism| {
        let name = mechanism.name();
        Ok(Row {
            name,
            threads: of(name, Model::Threads)?,
            processes: of(name, Model::Processes)?,
        })
    };
    Mechanism::ALL.into_iter().map(row).collect()
}

fn seconds(count: &Count) -> f64 {
    count.nanoseconds() / 1e9
}

fn costs(rows: &[Row], seed: u64) -> Result<String> {
    let mut text = "\
| mechanism | threads: an increment (95% CI) | processes: an increment (95% CI) | processes / threads (95% CI) |
| --- | ---: | ---: | ---: |
"
    .to_owned();
    for row in rows {
        let cell = |counts: &[Count]| {
            let times: Vec<_> = counts.iter().map(seconds).collect();
            let median = bootstrap(&times, LEVEL, seed).context("there is no run")?;
            Ok::<_, anyhow::Error>(time(median.point, median.interval).to_string())
        };
        let pairs: Vec<_> = row
            .processes
            .iter()
            .map(seconds)
            .zip(row.threads.iter().map(seconds))
            .collect();
        let compared = PairedTimes::new(&pairs)
            .context("a time is too short for the clock")?
            .estimate(LEVEL);
        let compared = ratio(compared.point, compared.interval);
        text += &format!(
            "| {} | {} | {} | {compared} |\n",
            row.name,
            cell(row.threads)?,
            cell(row.processes)?
        );
    }
    Ok(text)
}

fn shares(rows: &[Row]) -> Result<String> {
    let mut text = "\
| mechanism | lost: threads | lost: processes | waiting: threads | waiting: processes | fairness: threads | fairness: processes |
| --- | ---: | ---: | ---: | ---: | ---: | ---: |
"
    .to_owned();
    let percent = |counts: &[Count], figure: fn(&Count) -> Option<f64>| {
        let values: Vec<_> = counts.iter().filter_map(figure).collect();
        median_of(values).map_or_else(|| "?".to_owned(), |share| format!("{:.1} %", share * 100.0))
    };
    let fairness = |counts: &[Count]| {
        let median = median_of(counts.iter().map(|count| count.fairness));
        median
            .map(|value| format!("{value:.2}"))
            .context("there is no run")
    };
    for row in rows {
        let both = [row.threads, row.processes];
        let [lost, waiting] = [
            |count: &Count| Some(count.lost()),
            |count: &Count| count.waiting,
        ]
        .map(|figure| both.map(|counts| percent(counts, figure)).join(" | "));
        let (threads, processes) = (fairness(row.threads)?, fairness(row.processes)?);
        text += &format!(
            "| {} | {lost} | {waiting} | {threads} | {processes} |\n",
            row.name
        );
    }
    Ok(text)
}

fn picture(
    rows: &[Row],
    about: &str,
    seed: u64,
    quantity: Quantity,
    figure: fn(&Count) -> f64,
) -> Result<Chart> {
    let unit = if matches!(quantity, Quantity::Time(_)) {
        1e-9
    } else {
        1.0
    };
    let mark = |model: Model, counts: &[Count]| {
        let values: Vec<_> = counts.iter().map(|count| figure(count) * unit).collect();
        let median = bootstrap(&values, LEVEL, seed).context("there is no run")?;
        Ok::<_, anyhow::Error>((
            model.name().to_owned(),
            Look::Model(model),
            median.point,
            median.interval,
        ))
    };
    let row = |row: &Row| {
        Ok(MarksRow {
            name: row.name.to_owned(),
            marks: vec![
                mark(Model::Threads, row.threads)?,
                mark(Model::Processes, row.processes)?,
            ],
        })
    };
    let rows = rows.iter().map(row).collect::<Result<Vec<_>>>()?;
    let about = format!("circle: threads · square: processes; {about}");
    Ok(marks(
        &head(&rows, &about, quantity),
        &rows,
        quantity,
        Size::Wide,
    ))
}

/// The finding is in the figures: the widest distance between mechanisms beside the widest between models.
fn head(rows: &[MarksRow], about: &str, quantity: Quantity) -> Head {
    let figures = |row: &MarksRow| row.marks.iter().map(|mark| mark.2).collect::<Vec<_>>();
    let said = |row: &MarksRow| {
        let figures: Vec<_> = figures(row)
            .iter()
            .map(|value| match quantity {
                Quantity::Time(_) => time(*value, None).to_string(),
                Quantity::Share(_) => format!("{:.1} %", value * 100.0),
            })
            .collect();
        format!("{}: {}", row.name, figures.join(" and "))
    };
    let finding = match quantity {
        Quantity::Time(_) => {
            let all = || rows.iter().flat_map(figures);
            let times = all().fold(0.0, f64::max) / all().fold(f64::INFINITY, f64::min);
            let alike = |row: &&MarksRow| {
                figures(row)
                    .windows(2)
                    .all(|two| (two[1] / two[0]).ln().abs() < 1.1_f64.ln())
            };
            let count = rows.iter().filter(alike).count();
            format!(
                "Mechanisms differ by up to {times:.0} times; in {count} of {} threads and processes are within 10 %",
                rows.len()
            )
        }
        Quantity::Share(_) => {
            let lose = rows
                .iter()
                .filter(|row| figures(row).iter().any(|share| *share > 0.0));
            let names: Vec<_> = lose.map(|row| row.name.as_str()).collect();
            format!("What loses increments: {}", names.join(", "))
        }
    };
    Head {
        finding,
        about: about.to_owned(),
        description: rows.iter().map(said).collect::<Vec<_>>().join("; "),
    }
}

fn provenance(blocks: usize, options: &Options) -> String {
    let (workers, seed) = (options.workers, options.seed);
    let (each, pin) = if options.pin {
        (", each on a core of its own", " --pin")
    } else {
        ("", "")
    };
    let machine = Environment::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let cpu = machine.cpu.as_deref().unwrap_or("unknown processor");
    let cores = machine
        .cores
        .map_or_else(|| "?".to_owned(), |cores| cores.to_string());
    format!(
        "{blocks} blocks in shuffled order after one warm-up, {workers} workers{each}, seed {seed}; {cpu}, {cores} cores. Made by:\n\n\
         ```sh\n\
         cargo build --release -p counter-threads -p counter-processes\n\
         cargo run --release -p benches --bin mechanisms -- --blocks {blocks} --workers {workers}{pin} --seed {seed} --splice crates/counter/README.md\n\
         ```\n"
    )
}
