//! A report as one HTML file.
//!
//! It holds everything: charts, tables, the machine, every run. It needs no script and no network, and
//! its policy forbids both, so that a report from anyone can be opened without a thought.

mod raw;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::chart;
use crate::measure::samples::{Header, Samples};
use crate::report::findings::{CaseFindings, ScenarioFindings};
use crate::report::notes::{notes, warnings};
use crate::report::overall::{over_cases, overall};
use crate::report::pictures::{Picture, pictures};
use crate::report::provenance;
use crate::report::table::{Column, Table};
use crate::report::words::{Tone, sentences};

const STYLE: &str = include_str!("style.css");
/// Nothing is fetched, nothing is run.
const POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:";

/// The whole report: what was found, then a section a scenario with charts and tables, then how the
/// figures came about, the machine, and every run.
pub fn html(samples: &Samples, findings: &[ScenarioFindings]) -> String {
    let header = &samples.header;
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            (head(findings))
            body {
                main {
                    (found(header, findings))
                    (at_a_glance(findings))
                    @for (place, scenario) in findings.iter().enumerate() {
                        (section(samples, scenario, place))
                    }
                    (made(header, findings))
                    (machine(header))
                    (raw::runs(samples))
                }
            }
        }
    };
    let mut text = page.into_string();
    text.push('\n');
    text
}

fn head(findings: &[ScenarioFindings]) -> Markup {
    let names: Vec<&str> = findings.iter().map(|one| one.name.as_str()).collect();
    html! {
        head {
            meta charset="utf-8";
            meta name="viewport" content="width=device-width, initial-scale=1";
            meta name="color-scheme" content="light dark";
            meta http-equiv="Content-Security-Policy" content=(POLICY);
            // Else browsers ask for one.
            link rel="icon" href="data:,";
            title { "Threads or processes: " (names.join(", ")) }
            style { (PreEscaped(chart::STYLE)) (PreEscaped(STYLE)) }
        }
    }
}

/// What a reader came for, first.
fn found(header: &Header, findings: &[ScenarioFindings]) -> Markup {
    html! {
        header {
            h1 { "What was found" }
            p.quiet { (provenance::short(header)) }
        }
        @if findings.is_empty() { p { "Nothing was compared." } }
        @for (place, scenario) in findings.iter().enumerate() {
            section.found {
                h2 { a href={ "#s" (place) } { (scenario.name) } }
                p.question { (scenario.question) }
                @for (number, case) in scenario.cases.iter().enumerate() {
                    h3 { a href={ "#s" (place) "c" (number) } { (case.title) } }
                    (said(scenario, case))
                }
            }
        }
    }
}

/// All cases in one table, where there are several.
fn at_a_glance(findings: &[ScenarioFindings]) -> Markup {
    html! {
        @if let Some(all) = overall(findings) {
            section {
                h2 { "Overall" }
                ul { @for line in findings.iter().flat_map(over_cases) { li { (line) } } }
                (table(&all))
            }
        }
    }
}

fn said(scenario: &ScenarioFindings, case: &CaseFindings) -> Markup {
    let class = |tone: Tone| match tone {
        Tone::Claim => "claim",
        Tone::Open => "open",
        Tone::Failed => "failed",
    };
    html! {
        ul.said {
            @for (tone, line) in sentences(scenario, case).into_iter().chain(warnings(case)) {
                li class=(class(tone)) { (line) }
            }
        }
    }
}

fn section(samples: &Samples, scenario: &ScenarioFindings, place: usize) -> Markup {
    html! {
        section id={ "s" (place) } {
            h2 { (scenario.name) }
            p.question { (scenario.question) }
            @for (number, case) in scenario.cases.iter().enumerate() {
                h3 id={ "s" (place) "c" (number) } { (case.title) }
                @for picture in pictures(samples, scenario, case) { (figure(&picture)) }
                h4 { "All figures" }
                (table(&Table::new(scenario, case)))
                @let notes = notes(case);
                @if !notes.is_empty() { ul.notes { @for note in notes { li { (note) } } } }
            }
        }
    }
}

/// A chart for each width, and its figures below.
fn figure(picture: &Picture) -> Markup {
    html! {
        figure {
            div.wide { (picture.wide.inline()) }
            div.narrow { (picture.narrow.inline()) }
            details {
                summary { "The figures of this chart" }
                div.scroll {
                    table {
                        thead { tr { @for title in &picture.titles { th scope="col" { (title) } } } }
                        tbody { @for row in &picture.rows { (cells(row)) } }
                    }
                }
            }
        }
    }
}

fn cells(row: &[String]) -> Markup {
    html! {
        tr {
            @for (place, cell) in row.iter().enumerate() {
                @if place == 0 { th scope="row" { (cell) } } @else { td { (cell) } }
            }
        }
    }
}

fn table(table: &Table) -> Markup {
    let count = table.columns.first().map_or(0, |column| column.cells.len());
    let row = |place: usize| -> Vec<String> {
        let cell = |column: &Column| column.cells[place].in_line();
        table.columns.iter().map(cell).collect()
    };
    html! {
        div.scroll {
            table {
                thead { tr { @for column in &table.columns { th scope="col" { (column.title) } } } }
                tbody { @for place in 0..count { (cells(&row(place))) } }
            }
        }
    }
}

fn made(header: &Header, findings: &[ScenarioFindings]) -> Markup {
    html! {
        section {
            h2 { "How these figures were made" }
            ul { @for line in provenance::method(header, findings) { li { (line) } } }
            p { "The command:" }
            pre { (header.command) }
        }
    }
}

fn machine(header: &Header) -> Markup {
    let known = provenance::machine(&header.environment);
    html! {
        @if !known.is_empty() {
            section {
                h2 { "The machine" }
                dl { @for (name, value) in known { dt { (name) } dd { (value) } } }
            }
        }
    }
}
