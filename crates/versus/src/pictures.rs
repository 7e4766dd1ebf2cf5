//! Charts, timelines and the report of a result folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::Context;
use harness::measure::results::{
    CHARTS, REPORT, chart_file, is_chart_file, is_timeline_file, timeline_file,
};
use harness::measure::samples::Samples;
use harness::measure::whole::write_whole;
use harness::report::{self, ScenarioFindings};

/// Writes them into `folder`, and removes those of an earlier time that there would not be any more.
pub(crate) fn write(
    folder: &Path,
    samples: &Samples,
    findings: &[ScenarioFindings],
) -> anyhow::Result<()> {
    put(folder, REPORT, &report::html(samples, findings))?;
    let mut timelines = BTreeSet::new();
    for (scenario, case, text) in report::traces(samples) {
        let name = timeline_file(&scenario, &case);
        put(folder, &name, &text)?;
        timelines.insert(name);
    }
    remove_others(folder, &timelines, is_timeline_file)?;
    let charts = folder.join(CHARTS);
    fs::create_dir_all(&charts).with_context(|| format!("cannot make {}", charts.display()))?;
    let mut drawn = BTreeSet::new();
    for scenario in findings {
        for case in &scenario.cases {
            for picture in report::pictures(samples, scenario, case) {
                let name = chart_file(&scenario.name, &case.name, picture.kind);
                put(&charts, &name, &picture.wide.file())?;
                drawn.insert(name);
            }
        }
    }
    remove_others(&charts, &drawn, is_chart_file)
}

/// Removes what `is_ours` by its name and none of `written`.
fn remove_others(
    folder: &Path,
    written: &BTreeSet<String>,
    is_ours: fn(&str) -> bool,
) -> anyhow::Result<()> {
    let failed = |path: &Path| format!("cannot remove what is left in {}", path.display());
    for entry in fs::read_dir(folder).with_context(|| failed(folder))? {
        let entry = entry.with_context(|| failed(folder))?;
        let name = entry.file_name();
        let left = |name: &str| is_ours(name) && !written.contains(name);
        if name.to_str().is_some_and(left) {
            fs::remove_file(entry.path()).with_context(|| failed(&entry.path()))?;
        }
    }
    Ok(())
}

fn put(folder: &Path, name: &str, text: &str) -> anyhow::Result<()> {
    let path = folder.join(name);
    write_whole(&path, text).with_context(|| format!("cannot write {}", path.display()))
}
