//! The table of a case, as cells of text that Markdown and the terminal lay out.

use crate::report::findings::{CaseFindings, Comparison, Row, ScenarioFindings};
use crate::report::numbers::{Figures, memory, memory_in_range, number, ratio, share, time};
use crate::stats::Interval;

/// A table.
pub(super) struct Table {
    /// Its columns, the names of the contestants first.
    pub(super) columns: Vec<Column>,
}

/// A column.
pub(super) struct Column {
    /// Its title in one line.
    pub(super) title: String,
    /// Its title in as little width as its cells need.
    pub(super) stacked: String,
    /// One a contestant.
    pub(super) cells: Vec<Cell>,
}

/// What stands in a cell, and what may stand beside or below it.
#[derive(Default)]
pub(super) struct Cell {
    pub(super) main: String,
    pub(super) below: Option<String>,
}

impl Table {
    /// The table of a case. Columns of which nothing is known are left out.
    pub(super) fn new(scenario: &ScenarioFindings, case: &CaseFindings) -> Self {
        let column = |title: &str, stacked: &str, cell: &dyn Fn(&Row) -> Cell| Column {
            title: title.to_owned(),
            stacked: stacked.to_owned(),
            cells: case.rows.iter().map(cell).collect(),
        };
        let base = &scenario.baseline;
        let versus = format!("time vs {base} (95% CI)");
        let mut columns = vec![
            column("contestant (workers)", "contestant\n(workers)", &name),
            column("wall time (95% CI)", "wall time\n(95% CI)", &wall),
            column(&versus, &format!("time vs\n{base}"), &|row| {
                against_or_floor(case, row)
            }),
            column("speed-up (95% CI)", "speed-up\n(95% CI)", &speedup),
            column("efficiency", "effi-\nciency", &efficiency),
            column("CPU time", "CPU\ntime", &cpu),
            column("off CPU (of tasks)", "off CPU\n(of tasks)", &off_cpu),
            column("a task: p50 (p99)", "a task:\np50 (p99)", &latency),
            column("peak memory", "peak\nmemory", &peak_memory),
            column("private + shared", "private\n+ shared", &private_shared),
            column("switches", "swit-\nches", &switches),
        ];
        columns.retain(|column| column.cells.iter().any(|cell| !cell.main.is_empty()));
        columns.push(column("n", "n", &|row| Cell::plain(row.n.to_string())));
        Self { columns }
    }

    /// Leaves out a column; whether there was one of that title.
    pub(super) fn remove(&mut self, title: &str) -> bool {
        let before = self.columns.len();
        self.columns.retain(|column| column.title != title);
        self.columns.len() < before
    }
}

impl Cell {
    pub(super) fn plain(main: String) -> Self {
        Self { main, below: None }
    }

    pub(super) fn figures(figures: &Figures) -> Self {
        let below = figures
            .ends
            .as_ref()
            .map(|(low, high)| format!("{low}–{high}"));
        Self {
            main: figures.point(),
            below,
        }
    }

    /// Both in one line: `412 ms (405–418)`.
    pub(super) fn in_line(&self) -> String {
        match &self.below {
            None => self.main.clone(),
            Some(below) => format!("{} ({below})", self.main),
        }
    }

    /// One above the other.
    pub(super) fn stacked(&self) -> String {
        match &self.below {
            None => self.main.clone(),
            Some(below) => format!("{}\n({below})", self.main),
        }
    }
}

pub(super) fn name(row: &Row) -> Cell {
    Cell {
        main: row.contestant.clone(),
        below: Some(row.workers.to_string()),
    }
}

fn wall(row: &Row) -> Cell {
    let figures = row.wall_s.map(|wall| time(wall.point, wall.interval));
    figures
        .map(|figures| Cell::figures(&figures))
        .unwrap_or_default()
}

/// The baseline's cell has what a difference of nothing looks like: its ratio to its own second run.
fn against_or_floor(case: &CaseFindings, row: &Row) -> Cell {
    let floor = case.noise_of(row).and_then(|noise| noise.interval);
    let ends = floor.and_then(|interval| ratio(interval.high, Some(interval)).ends);
    let mut cell = against(row);
    if let Some((low, high)) = ends {
        cell.below = Some(format!("{low}–{high}"));
    }
    cell
}

pub(super) fn against(row: &Row) -> Cell {
    match &row.comparison {
        Comparison::Baseline => Cell::plain("baseline".to_owned()),
        Comparison::Against(against) => {
            ratio_cell(against.judged.ratio.point, against.judged.ratio.interval)
        }
        Comparison::NotMeasurable { .. } => Cell::plain("not measurable".to_owned()),
        Comparison::NoSharedBlock => Cell::default(),
        Comparison::OtherAnswer => Cell::plain("answer differs".to_owned()),
        Comparison::NotRun { .. } => Cell::plain("not run".to_owned()),
    }
}

pub(super) fn speedup(row: &Row) -> Cell {
    match row.speedup {
        None => Cell::default(),
        Some(speedup) if speedup.is_base => Cell::plain("1".to_owned()),
        Some(speedup) => ratio_cell(speedup.ratio.point, speedup.ratio.interval),
    }
}

fn ratio_cell(point: f64, interval: Option<Interval>) -> Cell {
    Cell::figures(&ratio(point, interval))
}

fn efficiency(row: &Row) -> Cell {
    let known = row.speedup.filter(|speedup| !speedup.is_base);
    let efficiency = known.and_then(|speedup| speedup.efficiency);
    efficiency
        .map(|value| Cell::plain(share(value)))
        .unwrap_or_default()
}

fn cpu(row: &Row) -> Cell {
    row.cpu
        .map(|cpu| Cell::plain(time(cpu.total_s, None).point()))
        .unwrap_or_default()
}

fn off_cpu(row: &Row) -> Cell {
    let Some((cpu, off)) = row.cpu.and_then(|cpu| Some((cpu, cpu.off_share?))) else {
        return Cell::default();
    };
    Cell {
        main: share(off),
        below: cpu.waiting_share.map(share),
    }
}

fn latency(row: &Row) -> Cell {
    let text = |seconds| time(seconds, None).point();
    row.latency
        .map(|latency| Cell {
            main: text(latency.p50_s),
            below: Some(text(latency.p99_s)),
        })
        .unwrap_or_default()
}

fn peak_memory(row: &Row) -> Cell {
    let Some(found) = row.memory else {
        return Cell::default();
    };
    // The range of the runs that memory was seen in, where there were several.
    let range = Some(found.range_bytes).filter(|_| found.passes > 1);
    Cell::figures(&memory_in_range(found.peak_pss_bytes, range))
}

fn private_shared(row: &Row) -> Cell {
    let parts = |private, shared| format!("{} + {}", memory(private), memory(shared));
    row.memory
        .map(|found| Cell::plain(parts(found.private_bytes, found.shared_bytes)))
        .unwrap_or_default()
}

/// Voluntary and involuntary ones together.
fn switches(row: &Row) -> Cell {
    row.switches
        .map(|found| Cell::plain(number(found.voluntary + found.involuntary)))
        .unwrap_or_default()
}

/// The peak as a multiple of the baseline's.
pub(super) fn times_memory(row: &Row) -> Cell {
    row.memory_ratio
        .map(|times| Cell::figures(&ratio(times, None)))
        .unwrap_or_default()
}
