//! The charts of a case, each with the table of what it shows.

mod cpu;
mod memory;
mod ratio;
mod scaling;
mod timeline;
mod wall;

use crate::chart::{Chart, Look, Size};
use crate::measure::samples::{Sample, Samples};
use crate::record::Model;
use crate::report::findings::{CaseFindings, Comparison, Row, ScenarioFindings};
use crate::report::words::verb;

/// A chart, made for two widths, and its figures.
#[derive(Clone, Debug)]
pub struct Picture {
    /// What it shows, as a part of its file's name: `ratio`.
    pub kind: &'static str,
    /// For documents.
    pub wide: Chart,
    /// For telephones.
    pub narrow: Chart,
    /// The titles of the columns of its table.
    pub titles: Vec<String>,
    /// The rows of its table, a cell a title.
    pub rows: Vec<Vec<String>>,
}

impl Picture {
    fn new(
        kind: &'static str,
        draw: impl Fn(Size) -> Chart,
        titles: &[&str],
        rows: Vec<Vec<String>>,
    ) -> Self {
        Self {
            kind,
            wide: draw(Size::Wide),
            narrow: draw(Size::Narrow),
            titles: titles.iter().map(|&title| title.to_owned()).collect(),
            rows,
        }
    }
}

/// What charts are made from.
struct Case<'a> {
    samples: &'a Samples,
    scenario: &'a ScenarioFindings,
    found: &'a CaseFindings,
}

/// The charts of a case, without those of which nothing is known.
pub fn pictures(
    samples: &Samples,
    scenario: &ScenarioFindings,
    case: &CaseFindings,
) -> Vec<Picture> {
    let case = Case {
        samples,
        scenario,
        found: case,
    };
    [
        ratio::picture(&case),
        wall::picture(&case),
        scaling::picture(&case),
        cpu::picture(&case),
        memory::picture(&case),
        timeline::picture(&case),
    ]
    .into_iter()
    .flatten()
    .collect()
}

impl<'a> Case<'a> {
    /// The runs of a contestant that count, in the order of their blocks.
    fn runs(&self, row: &Row) -> Vec<&'a Sample> {
        let marked = self.found.machine.left_out();
        let mut runs = self.all_runs(row);
        runs.retain(|run| !marked.contains(&run.block));
        runs
    }

    /// Its runs without warm-up and control, also those in blocks that do not count.
    fn all_runs(&self, row: &Row) -> Vec<&'a Sample> {
        let is_its = |run: &&Sample| {
            run.scenario == self.scenario.name
                && run.case == self.found.name
                && (&run.contestant, run.workers) == (&row.contestant, row.workers)
                && run.block > 0
                && !run.control
        };
        let mut runs: Vec<_> = self.samples.samples.iter().filter(is_its).collect();
        runs.sort_by_key(|run| run.block);
        runs
    }

    /// Those whose answers were right.
    fn rows(&self) -> impl Iterator<Item = &Row> {
        self.found.rows.iter().filter(|row| row.n > 0)
    }

    /// The contestant that a finding is about: of the project's own that spread their work, the one
    /// with the most workers; else any. And the baseline that it is compared with.
    fn rivals(&self) -> Option<(&Row, &Row)> {
        let others = self.rows().filter_map(|row| match &row.comparison {
            Comparison::Against(against) => Some((row, against.baseline.as_str())),
            _ => None,
        });
        let rank = |row: &Row| match look(row) {
            Look::Model(Model::Sequential) => 1,
            Look::Model(_) => 2,
            _ => 0,
        };
        let key = |row: &Row| (rank(row), row.workers);
        // The first of the best, as the plan has them.
        let best = others.reduce(|best, next| {
            if key(next.0) > key(best.0) {
                next
            } else {
                best
            }
        });
        let (rival, base) = best?;
        let base = self.rows().find(|row| row.label == base)?;
        Some((base, rival))
    }

    /// `threads take 379 ms, processes 391 ms`, by what `figure` says of both; of one if it is alone.
    fn compared(
        &self,
        (several, one): (&str, &str),
        figure: impl Fn(&Row) -> Option<String>,
    ) -> Option<String> {
        let (first, second) = match self.rivals() {
            Some((base, rival)) => (base, Some(rival)),
            None => (self.rows().next()?, None),
        };
        let is_several = verb(&first.label) == "are";
        let does = if is_several { several } else { one };
        let begin = format!("{} {does} {}", first.label, figure(first)?);
        let rest = second.and_then(|row| Some(format!(", {} {}", row.label, figure(row)?)));
        Some(begin + &rest.unwrap_or_default())
    }
}

fn look(row: &Row) -> Look {
    Look::of(&row.contestant, row.model)
}

/// Sentences from the rows of a table, for those who cannot see the chart.
fn described(about: &str, titles: &[&str], rows: &[Vec<String>]) -> String {
    let said = rows.iter().map(|row| {
        let cells = titles
            .iter()
            .zip(row)
            .skip(1)
            .filter(|(_, cell)| !cell.is_empty());
        let cells: Vec<_> = cells
            .map(|(title, cell)| format!("{title} {cell}"))
            .collect();
        format!("{}: {}.", row[0], cells.join(", "))
    });
    let said: Vec<_> = said.collect();
    format!("{about}. {}", said.join(" "))
}
