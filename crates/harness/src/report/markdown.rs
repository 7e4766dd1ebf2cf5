//! Findings as Markdown.

use crate::measure::samples::Header;
use crate::report::findings::{CaseFindings, ScenarioFindings};
use crate::report::notes::{notes, warnings};
use crate::report::overall::{over_cases, overall};
use crate::report::provenance;
use crate::report::table::{Column, Table};
use crate::report::words::sentences;

/// A whole page: what was found in sentences, then a table a case, then how the figures came about, the
/// machine and the command.
pub fn markdown(header: &Header, findings: &[ScenarioFindings]) -> String {
    let mut page = "# What was found\n".to_owned();
    if findings.is_empty() {
        page.push_str("\nNothing was compared.\n");
    }
    for scenario in findings {
        page.push_str(&format!(
            "\n**{}**: {}\n\n",
            text(&scenario.name),
            text(&scenario.question)
        ));
        page.extend(scenario.cases.iter().map(|case| said(scenario, case)));
    }
    if let Some(overall) = overall(findings) {
        let lines = findings.iter().flat_map(over_cases);
        let lines = lines.fold(String::new(), |all, line| all + "- " + &text(&line) + "\n");
        page.push_str(&format!("\n## Overall\n\n{lines}\n{}", table(&overall)));
    }
    for scenario in findings {
        page.push_str(&format!("\n## {}\n", text(&scenario.name)));
        page.extend(scenario.cases.iter().map(|case| figures(scenario, case)));
    }
    page.push_str("\n## How these figures were made\n\n");
    page.extend(
        provenance::method(header, findings)
            .iter()
            .map(|line| format!("- {}\n", text(line))),
    );
    page.push_str(&format!(
        "\nThe command:\n\n{}",
        block_of_code(&header.command)
    ));
    let machine = provenance::machine(&header.environment);
    if !machine.is_empty() {
        page.push_str("\n## The machine\n\n");
        page.extend(
            machine
                .iter()
                .map(|(name, value)| format!("- {name}: {}\n", text(value))),
        );
    }
    page
}

/// The part of a page that a scenario's README shows: sentences, tables, and in one line how and where
/// the figures were made. It has no headings, so that it fits under any.
pub fn scenario_markdown(header: &Header, findings: &ScenarioFindings) -> String {
    let mut part = String::new();
    part.extend(findings.cases.iter().map(|case| said(findings, case)));
    part.extend(findings.cases.iter().map(|case| figures(findings, case)));
    part.push_str(&format!(
        "\n{}. Made by:\n\n",
        text(&provenance::short(header))
    ));
    part.push_str(&block_of_code(&header.command));
    part
}

/// What was found in a case, as a list item.
pub(super) fn said(scenario: &ScenarioFindings, case: &CaseFindings) -> String {
    let lines = sentences(scenario, case).into_iter().chain(warnings(case));
    let lines: Vec<String> = lines.map(|(_, line)| text(&line)).collect();
    match lines.as_slice() {
        [line] => format!("- {}: {line}\n", text(&case.title)),
        _ => format!("- {}:\n  - {}\n", text(&case.title), lines.join("\n  - ")),
    }
}

/// The table of a case with its notes.
pub(super) fn figures(scenario: &ScenarioFindings, case: &CaseFindings) -> String {
    let notes: Vec<String> = notes(case)
        .iter()
        .map(|note| format!("- {}\n", text(note)))
        .collect();
    let gap = if notes.is_empty() { "" } else { "\n" };
    let (title, table) = (text(&case.title), table(&Table::new(scenario, case)));
    format!(
        "\n**{title}** (`{}`)\n\n{table}{gap}{}",
        case.name,
        notes.concat()
    )
}

pub(super) fn table(table: &Table) -> String {
    let titles = line(table.columns.iter().map(|column| text(&column.title)));
    let rule = |(place, _)| if place == 0 { "---" } else { "---:" };
    let rules = line(
        table
            .columns
            .iter()
            .enumerate()
            .map(rule)
            .map(str::to_owned),
    );
    let mut lines = titles + &rules;
    for row in 0..table.columns.first().map_or(0, |column| column.cells.len()) {
        let cell = |column: &Column| text(&column.cells[row].in_line());
        lines.push_str(&line(table.columns.iter().map(cell)));
    }
    lines
}

pub(super) fn line(cells: impl Iterator<Item = String>) -> String {
    format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
}

/// Plain text that Markdown takes for nothing else, in one line.
pub(super) fn text(plain: &str) -> String {
    let mut text = String::with_capacity(plain.len());
    for character in plain.chars() {
        match character {
            '\n' | '\r' => text.push(' '),
            '\\' | '|' | '*' | '_' | '`' | '<' | '[' | ']' => text.extend(['\\', character]),
            _ => text.push(character),
        }
    }
    text
}

/// A fenced block, with a fence longer than any in it.
pub(super) fn block_of_code(code: &str) -> String {
    let runs = code.split(|character| character != '`').map(str::len);
    let fence = "`".repeat(runs.max().unwrap_or(0).max(2) + 1);
    format!("{fence}sh\n{code}\n{fence}\n")
}
