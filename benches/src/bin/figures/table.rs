//! What was found, for people.

use comfy_table::{CellAlignment, LineStyle, Table, TableStyle};
use harness::measure::environment::Environment;

use crate::blocks::Plan;
use crate::finding::Finding;

/// One figure.
pub(crate) struct Row {
    pub(crate) what: String,
    pub(crate) ours: String,
    pub(crate) baseline: String,
    pub(crate) ratio: String,
    pub(crate) target: String,
    pub(crate) finding: Finding,
    /// What one should know of it and has no column.
    pub(crate) note: String,
}

/// Rows without lines between them: they are few, and one line high.
const LINES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// The table, the notes, and where the figures come from.
pub(crate) fn page(rows: &[Row], plan: &Plan, machine: &Environment) -> String {
    let mut table = Table::new();
    table.load_style(LINES).set_header([
        "",
        "ours (95% CI)",
        "baseline",
        "ratio (95% CI)",
        "target",
        "",
    ]);
    for row in rows {
        let finding = row.finding.to_string();
        let cells = [&row.what, &row.ours, &row.baseline, &row.ratio, &row.target];
        table.add_row(cells.into_iter().chain([&finding]));
    }
    for column in table.column_iter_mut().skip(1).take(4) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    let note = |row: &Row| format!("  {}: {}", row.what, row.note);
    let notes = rows.iter().map(note).collect::<Vec<_>>().join("\n");
    format!(
        "{}\n\n{notes}\n\n{LEGEND}\n{}\n",
        table.trim_fmt(),
        provenance(plan, machine)
    )
}

const LEGEND: &str = "\
pools of 2 workers, and of 1 where a task is submitted; memory is the parent's own
times: medians over blocks; ratio: Hodges-Lehmann with Wilcoxon's exact interval, of pairs in a block
met: the whole interval is within the target; cannot tell: the interval holds the target, or there is none
machine too busy: in more than a quarter of the blocks, a loop on all cores took longer than it should
Python's pools and procspawn, which are other programs: scripts/pool_peers.py";

fn provenance(plan: &Plan, machine: &Environment) -> String {
    let Plan { blocks, seed, .. } = plan;
    let cpu = machine.cpu.as_deref().unwrap_or("unknown processor");
    let cores = machine
        .cores
        .map_or_else(|| "?".to_owned(), |n| n.to_string());
    let commit = machine.commit.as_deref().unwrap_or("unknown commit");
    let quick = if plan.quick { " --quick" } else { "" };
    format!(
        "{blocks} blocks in shuffled order after one warm-up, seed {seed}; {cpu}, {cores} cores; {commit}\n\
         again: cargo run --release -p benches --bin figures --{quick} --blocks {blocks} --seed {seed}"
    )
}
