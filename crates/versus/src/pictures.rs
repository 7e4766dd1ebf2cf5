//! Charts, timelines and the report of a result folder.

use std::fs;
use std::path::Path;

use anyhow::Context;
use harness::measure::results::{CHARTS, REPORT, timeline_file};
use harness::measure::samples::Samples;
use harness::measure::whole::write_whole;
use harness::report::{self, ScenarioFindings};

/// Writes them into `folder`.
pub(crate) fn write(
    folder: &Path,
    samples: &Samples,
    findings: &[ScenarioFindings],
) -> anyhow::Result<()> {
    put(folder, REPORT, &report::html(samples, findings))?;
    for (scenario, case, text) in report::traces(samples) {
        put(folder, &timeline_file(&stem(&scenario, &case)), &text)?;
    }
    let charts = folder.join(CHARTS);
    fs::create_dir_all(&charts).with_context(|| format!("cannot make {}", charts.display()))?;
    for scenario in findings {
        for case in &scenario.cases {
            let stem = stem(&scenario.name, &case.name);
            for picture in report::pictures(samples, scenario, case) {
                let name = format!("{stem}-{}.svg", picture.kind);
                put(&charts, &name, &picture.wide.file())?;
            }
        }
    }
    Ok(())
}

fn put(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    write_whole(&path, text).with_context(|| format!("cannot write {}", path.display()))
}

/// The beginning of a file's name: what stands for itself in any file system.
fn stem(scenario: &str, case: &str) -> String {
    let plain = |character: char| {
        if character.is_alphanumeric() || matches!(character, '-' | '_') {
            character
        } else {
            '_'
        }
    };
    format!("{scenario}-{case}").chars().map(plain).collect()
}
