//! `versus report`: tables again, from samples alone.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow, bail};
use harness::measure::results::SAMPLES;
use harness::measure::samples::{self, Header};
use harness::measure::whole::write_whole;
use harness::report::{self, ScenarioFindings};

use crate::cli::ReportOptions;
use crate::failure::Failure;
use crate::tables;
use harness::say;

pub(crate) fn report(options: &ReportOptions) -> Result<(), Failure> {
    let path = options.folder.join(SAMPLES);
    let read = samples::read(&path).map_err(anyhow::Error::from)?;
    if let Some(warning) = &read.warning {
        say!("versus: warning: {}: {warning}", path.display());
    }
    let findings = tables::write(&options.folder, &read)?;
    tables::print(&read.header, &findings)?;
    for document in &options.splice {
        splice(document, &read.header, &findings)?;
    }
    match findings
        .iter()
        .flat_map(ScenarioFindings::mismatches)
        .next()
    {
        None => Ok(()),
        Some(mismatch) => Err(anyhow!("not everything was compared: {mismatch}").into()),
    }
}

/// Puts the tables of every scenario that the document has a place for into it.
fn splice(path: &Path, header: &Header, findings: &[ScenarioFindings]) -> anyhow::Result<()> {
    let old =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let new = spliced(&old, header, findings).with_context(|| path.display().to_string())?;
    if new != old {
        write_whole(path, &new).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn spliced(old: &str, header: &Header, findings: &[ScenarioFindings]) -> anyhow::Result<String> {
    let begins = |name: &str| format!("<!-- versus:begin {name} -->");
    let mut document = old.to_owned();
    let mut places = 0;
    for scenario in findings {
        if old.contains(&begins(&scenario.name)) {
            let text = report::scenario_markdown(header, scenario);
            document = report::splice(&document, &scenario.name, &text)?;
            places += 1;
        }
    }
    if places == 0 {
        let markers: Vec<_> = findings
            .iter()
            .map(|scenario| begins(&scenario.name))
            .collect();
        bail!(
            "there is no place for the tables: none of {}",
            markers.join(", ")
        );
    }
    Ok(document)
}
