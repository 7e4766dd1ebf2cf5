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

/// What goes into documents.
struct Section {
    /// The name of its markers.
    name: String,
    text: String,
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

/// Puts every section that the document has a place for into it.
fn splice(path: &Path, sections: &[Section]) -> anyhow::Result<()> {
    let old =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let new = spliced(&old, sections).with_context(|| path.display().to_string())?;
    if new != old {
        write_whole(path, &new).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn spliced(old: &str, sections: &[Section]) -> anyhow::Result<String> {
    let begins = |section: &Section| format!("<!-- versus:begin {} -->", section.name);
    let mut document = old.to_owned();
    let mut places = 0;
    for section in sections {
        if old.contains(&begins(section)) {
            document = report::splice(&document, &section.name, &section.text)?;
            places += 1;
        }
    }
    if places == 0 {
        let markers: Vec<_> = sections.iter().map(begins).collect();
        bail!(
            "there is no place for the tables: none of {}",
            markers.join(", ")
        );
    }
    Ok(document)
}
