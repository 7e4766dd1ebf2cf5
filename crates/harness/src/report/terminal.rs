//! Findings as tables for people at a terminal.

use comfy_table::{CellAlignment, ContentArrangement, LineStyle, Table as Grid, TableStyle};

use crate::measure::samples::Header;
use crate::report::findings::{CaseFindings, ScenarioFindings};
use crate::report::notes::{notes, warnings};
use crate::report::overall::{over_cases, overall};
use crate::report::provenance;
use crate::report::table::{Cell, Table};
use crate::report::words::{Tone, sentences};

/// Findings for reading at a terminal that is `width` characters wide (`None`: as wide as it takes), with
/// or without colours.
pub fn terminal(
    header: &Header,
    findings: &[ScenarioFindings],
    width: Option<u16>,
    colour: bool,
) -> String {
    let paper = Paper { width, colour };
    let mut text = String::new();
    for scenario in findings {
        let title = format!("{}: {}", scenario.name, scenario.question);
        text.push_str(&paper.line(Style::Bold, 0, &title));
        text.extend(scenario.cases.iter().map(|case| paper.case(scenario, case)));
        text.push('\n');
    }
    if let Some(table) = overall(findings) {
        text.push_str(&paper.line(Style::Bold, 0, "Overall"));
        for line in findings.iter().flat_map(over_cases) {
            text.push_str(&paper.line(Style::Plain, 2, &line));
        }
        text.push('\n');
        text.push_str(&(paper.table(table) + "\n"));
    }
    if findings.is_empty() {
        text.push_str("nothing was compared\n\n");
    }
    text.push_str(&paper.line(Style::Dim, 0, LEGEND));
    text + &paper.line(Style::Dim, 0, &provenance::short(header))
}

const LEGEND: &str = "wall time: median; time vs ...: below 1x is faster, and the baseline's: against \
                      itself; off CPU: share of wall time x workers without CPU (waiting, idle, starting, \
                      ending), in brackets of the time at tasks: waiting alone";

/// What is written on.
pub(super) struct Paper {
    pub(super) width: Option<u16>,
    pub(super) colour: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Bold,
    Dim,
    Warning,
}

impl Paper {
    fn case(&self, scenario: &ScenarioFindings, case: &CaseFindings) -> String {
        let mut text = String::from("\n");
        text.push_str(&self.line(Style::Bold, 0, &format!("{} ({})", case.title, case.name)));
        for (tone, line) in sentences(scenario, case).into_iter().chain(warnings(case)) {
            let style = match tone {
                Tone::Claim => Style::Bold,
                Tone::Open => Style::Plain,
                Tone::Failed => Style::Warning,
            };
            text.push_str(&self.line(style, 2, &line));
        }
        text.push('\n');
        text.push_str(&self.table(Table::new(scenario, case)));
        text.extend(
            notes(case)
                .iter()
                .map(|note| self.line(Style::Dim, 2, note)),
        );
        text
    }

    /// With the intervals beside the estimates if there is room, else below them; at need without the
    /// columns that can best be done without, which is then said.
    pub(super) fn table(&self, mut table: Table) -> String {
        let wide = grid(
            &table,
            Cell::in_line,
            LINES.row_separator(LineStyle::none()),
        );
        if self.fits(&wide) {
            return wide.trim_fmt() + "\n";
        }
        let mut left_out = String::new();
        let mut narrow = dense(&table);
        for title in EXPENDABLE {
            if !self.fits(&narrow) && table.remove(title) {
                let note = format!("{title}: left out, the terminal is too narrow");
                left_out.push_str(&self.line(Style::Dim, 2, &note));
                narrow = dense(&table);
            }
        }
        if let Some(width) = self.width {
            narrow
                .set_width(width)
                .set_content_arrangement(ContentArrangement::Dynamic);
        }
        narrow.trim_fmt() + "\n" + &left_out
    }

    fn fits(&self, grid: &Grid) -> bool {
        let fits = |width| {
            grid.lines()
                .all(|line| line.chars().count() <= usize::from(width))
        };
        self.width.is_none_or(fits)
    }

    /// A paragraph, folded to the width, each line indented.
    pub(super) fn line(&self, style: Style, indent: usize, text: &str) -> String {
        let width = self.width.map_or(usize::MAX, |width| {
            usize::from(width).saturating_sub(indent)
        });
        let lines = fold(text, width);
        let lines = lines.iter().enumerate().map(|(place, line)| {
            // What goes on in the next line stands in a little.
            let indent = " ".repeat(if place == 0 { indent } else { indent + 2 });
            format!("{indent}{}\n", self.styled(style, line))
        });
        lines.collect()
    }

    fn styled(&self, style: Style, text: &str) -> String {
        let code = match style {
            Style::Bold => "1",
            Style::Dim => "2",
            Style::Warning => "33",
            Style::Plain => return text.to_owned(),
        };
        if self.colour {
            format!("\x1b[{code}m{text}\x1b[0m")
        } else {
            text.to_owned()
        }
    }
}

/// A line above, below and under the header; a fainter one between rows.
const LINES: TableStyle = TableStyle::new()
    .top_border(LineStyle::none().fill('─').junction('─'))
    .header_separator(LineStyle::none().fill('─').junction('─'))
    .row_separator(LineStyle::none().fill('┈').junction('┈'))
    .bottom_border(LineStyle::none().fill('─').junction('─'));

/// Columns that are left out first where there is little room.
const EXPENDABLE: [&str; 5] = [
    "private + shared",
    "a task: p50 (p99)",
    "efficiency",
    "switches",
    "off CPU (of tasks)",
];

fn grid(table: &Table, text: fn(&Cell) -> String, style: TableStyle) -> Grid {
    let mut grid = Grid::new();
    grid.load_style(style)
        .set_header(table.columns.iter().map(|column| &column.stacked));
    for row in 0..table.columns.first().map_or(0, |column| column.cells.len()) {
        grid.add_row(table.columns.iter().map(|column| text(&column.cells[row])));
    }
    for column in grid.column_iter_mut().skip(1) {
        column.set_cell_alignment(CellAlignment::Right);
    }
    grid
}

/// A table that takes as little width as it can.
fn dense(table: &Table) -> Grid {
    let mut grid = grid(table, Cell::stacked, LINES);
    for column in grid.column_iter_mut() {
        column.set_padding((1, 0));
    }
    grid
}

/// Folds at spaces. Lines after the first are two characters shorter; a word that is too long stands
/// out.
fn fold(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        let room = if lines.len() < 2 {
            width
        } else {
            width.saturating_sub(2)
        };
        match lines.last_mut() {
            Some(line) if line.chars().count() + 1 + word.chars().count() <= room => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
