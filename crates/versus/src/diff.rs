//! `versus diff`: what changed between two result folders.

use std::path::Path;

use anyhow::anyhow;
use harness::measure::results::SAMPLES;
use harness::measure::samples::{self, Samples};
use harness::report::{self, Diff};
use harness::say;

use crate::cli::DiffOptions;
use crate::failure::Failure;
use crate::output;

pub(crate) fn diff(options: &DiffOptions) -> Result<(), Failure> {
    let (before, after) = (read(&options.before)?, read(&options.after)?);
    let found = report::diff(&before, &after).map_err(anyhow::Error::from)?;
    if !found.machine.is_empty() && !options.across_machines {
        return Err(other_machine(&found).into());
    }
    let page = report::changes(&found, output::width(), output::colour());
    Ok(output::print(&page)?)
}

fn read(folder: &Path) -> anyhow::Result<Samples> {
    let path = folder.join(SAMPLES);
    let read = samples::read(&path)?;
    if let Some(warning) = &read.warning {
        say!("versus: warning: {}: {warning}", path.display());
    }
    Ok(read)
}

fn other_machine(found: &Diff) -> anyhow::Error {
    let facts = found.machine.iter().map(|fact| {
        let known = |value: &str| {
            if value.is_empty() {
                "unknown".to_owned()
            } else {
                value.to_owned()
            }
        };
        format!(
            "{} {} and {}",
            fact.name,
            known(&fact.before),
            known(&fact.after)
        )
    });
    anyhow!(
        "these results are of two machines ({}), so a change would say nothing of the programs; \
         --across-machines compares them all the same",
        facts.collect::<Vec<_>>().join("; ")
    )
}
