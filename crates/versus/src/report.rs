//! `versus report`: tables again, from samples alone.

use anyhow::{anyhow, bail};
use harness::measure::results::SAMPLES;
use harness::measure::samples::{self, Header};
use harness::report::{self, ScenarioFindings};

use crate::cli::ReportOptions;
use crate::failure::Failure;
use crate::splice::{Section, splice};
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
    let sections = sections(&read.header, &findings, options.marker.as_deref())?;
    for document in &options.splice {
        splice(document, &sections)?;
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

/// A section a scenario, under its own name or under `marker`.
fn sections(
    header: &Header,
    findings: &[ScenarioFindings],
    marker: Option<&str>,
) -> anyhow::Result<Vec<Section>> {
    if let (Some(marker), [_, _, ..]) = (marker, findings) {
        bail!(
            "--marker {marker} is one place, and {} scenarios were measured: leave it out",
            findings.len()
        );
    }
    let section = |scenario: &ScenarioFindings| Section {
        name: marker.unwrap_or(&scenario.name).to_owned(),
        text: report::scenario_markdown(header, scenario),
    };
    Ok(findings.iter().map(section).collect())
}
