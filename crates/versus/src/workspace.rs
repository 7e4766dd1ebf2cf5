//! Finding the workspace and its scenarios.

use std::env;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use harness::measure::scenario::Scenario;

/// A workspace with scenarios.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// Its folder.
    pub(crate) root: PathBuf,
    /// The names of its scenarios, in order.
    pub(crate) scenarios: Vec<String>,
}

impl Workspace {
    /// The nearest one, from the current folder upwards.
    pub(crate) fn find() -> anyhow::Result<Self> {
        let here = env::current_dir().context("cannot tell which folder this is")?;
        Self::find_above(&here)
    }

    fn find_above(here: &Path) -> anyhow::Result<Self> {
        for folder in here.ancestors().filter(|folder| is_workspace(folder)) {
            let scenarios = scenarios_in(folder)?;
            if !scenarios.is_empty() {
                return Ok(Self {
                    root: folder.to_owned(),
                    scenarios,
                });
            }
        }
        bail!(
            "no workspace with a crates/*/scenario.toml in {} or above it: \
             run versus inside a checkout",
            here.display()
        )
    }

    /// Reads one of its scenarios.
    pub(crate) fn read(&self, name: &str) -> anyhow::Result<Scenario> {
        Ok(Scenario::read(&self.root.join("crates").join(name))?)
    }
}

/// Whether the folder's `Cargo.toml` is that of a workspace. Cargo is the one to say what is wrong with
/// the file.
fn is_workspace(folder: &Path) -> bool {
    fs::read_to_string(folder.join("Cargo.toml"))
        .is_ok_and(|text| text.lines().any(|line| line.trim_end() == "[workspace]"))
}

fn scenarios_in(root: &Path) -> anyhow::Result<Vec<String>> {
    let crates = root.join("crates");
    let Ok(entries) = fs::read_dir(&crates) else {
        return Ok(Vec::new());
    };
    let mut names = Vec::new();
    for entry in entries {
        let entry = entry.with_context(|| format!("cannot read {}", crates.display()))?;
        if entry.path().join("scenario.toml").exists() {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_found_from_its_subfolders_and_past_others() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("crates/job/inner/src");
        fs::create_dir_all(&inner).unwrap();
        fs::write(folder.path().join("Cargo.toml"), "[workspace]\n").unwrap();
        // A package, and a workspace without scenarios.
        fs::write(folder.path().join("crates/job/Cargo.toml"), "[package]\n").unwrap();
        fs::write(
            folder.path().join("crates/job/inner/Cargo.toml"),
            "[workspace]\n",
        )
        .unwrap();
        let error = Workspace::find_above(&inner).unwrap_err().to_string();
        assert!(
            error.contains("no workspace with a crates/*/scenario.toml"),
            "{error}"
        );
        fs::write(folder.path().join("crates/job/scenario.toml"), "").unwrap();
        let found = Workspace::find_above(&inner).unwrap();
        assert_eq!(found.root, folder.path());
        assert_eq!(found.scenarios, ["job"]);
    }
}
