//! The files of a result folder that are made from its samples.

use std::path::Path;

use anyhow::{Context, bail};
use harness::measure::results::{
    ENVIRONMENT, PAGE, TABLES_CSV, TABLES_JSON, TABLES_MARKDOWN, is_page_of_others,
};
use harness::measure::samples::{Header, Samples};
use harness::measure::whole::write_whole;
use harness::report::{self, ScenarioFindings};

use crate::output;
use crate::pictures;

/// Writes into `folder` everything that follows from the samples. Returns what was found.
pub(crate) fn write(folder: &Path, samples: &Samples) -> anyhow::Result<Vec<ScenarioFindings>> {
    let header = &samples.header;
    let findings = report::analyse(samples).context("the samples make no tables")?;
    // First: where it must not be written, nothing else is.
    write_page(folder, &report::page(samples, &findings))?;
    let mut environment = serde_json::to_string_pretty(&header.environment)?;
    environment.push('\n');
    for (name, text) in [
        (ENVIRONMENT, environment),
        (TABLES_MARKDOWN, report::markdown(header, &findings)),
        (TABLES_CSV, report::csv(&findings)),
        (TABLES_JSON, report::json(header, &findings)),
    ] {
        let path = folder.join(name);
        write_whole(&path, &text).with_context(|| format!("cannot write {}", path.display()))?;
    }
    pictures::write(folder, samples, &findings)?;
    Ok(findings)
}

/// Writes the page of a folder, unless there is one that somebody wrote.
pub(crate) fn write_page(folder: &Path, text: &str) -> anyhow::Result<()> {
    let path = folder.join(PAGE);
    let shown = path.display();
    if is_page_of_others(&path).with_context(|| format!("cannot read {shown}"))? {
        bail!("{shown} was not made by versus, and would be lost: give it another name");
    }
    write_whole(&path, text).with_context(|| format!("cannot write {shown}"))
}

/// Prints the tables on stdout.
pub(crate) fn print(header: &Header, findings: &[ScenarioFindings]) -> anyhow::Result<()> {
    output::print(&report::terminal(
        header,
        findings,
        output::width(),
        output::colour(),
    ))
}
