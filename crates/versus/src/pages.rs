//! `versus pages`: several result folders beside each other.

use std::fs;
use std::path::{Component, Path, PathBuf};

use anyhow::{Context, bail};
use harness::measure::results::{PAGE, PARTIAL, SAMPLES};
use harness::measure::samples::{self, Samples};
use harness::measure::whole::write_whole;
use harness::report::overview::{Measured, Other, contents, overview, picture};
use harness::report::{self, ScenarioFindings};
use harness::say;

use crate::cli::PagesOptions;
use crate::failure::Failure;
use crate::run::{LATEST, RESULTS};
use crate::splice::{Section, splice};
use crate::tables::write_page;
use crate::workspace::Workspace;

/// The picture beside the page of the whole folder.
const PICTURE: &str = "overview.svg";
/// The name of the markers in documents.
const MARKER: &str = "overview";

pub(crate) fn pages(options: &PagesOptions) -> Result<(), Failure> {
    let folder = match &options.folder {
        Some(folder) => folder.clone(),
        None => Workspace::find()?.root.join(RESULTS),
    };
    let (found, others) = look_through(&folder)?;
    for one in &found {
        let text = report::page(&one.samples, &one.findings);
        write_page(&folder.join(&one.name), &text)?;
    }
    write_overview(&folder, &found, &others)?;
    for document in &options.splice {
        let section = Section {
            name: MARKER.to_owned(),
            text: spliced(&folder, &found, document)?,
        };
        splice(document, &[section])?;
    }
    let names: Vec<_> = found.iter().map(|one| one.name.as_str()).collect();
    say!("{} shows {}", folder.join(PAGE).display(), names.join(", "));
    Ok(())
}

/// A result folder, read.
struct Found {
    name: String,
    samples: Samples,
    findings: Vec<ScenarioFindings>,
}

impl Found {
    fn read(folder: &Path, name: String) -> anyhow::Result<Self> {
        let path = folder.join(&name).join(SAMPLES);
        let samples = samples::read(&path)?;
        if let Some(warning) = &samples.warning {
            say!("versus: warning: {}: {warning}", path.display());
        }
        let findings = report::analyse(&samples)
            .with_context(|| format!("{}: the samples make no tables", path.display()))?;
        Ok(Self {
            name,
            samples,
            findings,
        })
    }

    /// Whether it is *the* measurement of a scenario: the folder has its name.
    fn is_main(&self) -> bool {
        self.findings.iter().any(|one| one.name == self.name)
    }
}

/// The result folders with samples, those of the name of a scenario first; and the others.
fn look_through(folder: &Path) -> anyhow::Result<(Vec<Found>, Vec<Other>)> {
    let (mut found, mut others) = (Vec::new(), Vec::new());
    for name in names(folder)? {
        let path = folder.join(&name);
        if !path.is_dir() || is_left_out(&name) {
            continue;
        }
        if path.join(SAMPLES).exists() {
            found.push(Found::read(folder, name)?);
        } else {
            let files = names(&path)?;
            others.push(Other { name, files });
        }
    }
    if found.is_empty() {
        bail!(
            "no folder in {} holds {SAMPLES}: `versus run SCENARIO --out DIR/SCENARIO` makes one",
            folder.display()
        );
    }
    // Stable: names stay in order.
    found.sort_by_key(|one| !one.is_main());
    Ok((found, others))
}

fn is_left_out(name: &str) -> bool {
    name == LATEST || name.starts_with('.') || name.contains(PARTIAL)
}

/// What is in a folder, in order.
fn names(folder: &Path) -> anyhow::Result<Vec<String>> {
    let cannot = || format!("cannot read {}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).with_context(cannot)? {
        let name = entry.with_context(cannot)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    Ok(names)
}

/// The same for an overview, with a link for each.
fn measured<'a>(found: &'a [Found], links: &'a [String]) -> Vec<Measured<'a>> {
    let one = |(found, link): (&'a Found, &'a String)| Measured {
        name: &found.name,
        link,
        header: &found.samples.header,
        findings: &found.findings,
    };
    found.iter().zip(links).map(one).collect()
}

/// Links to their pages from a document in which their folder is at `way`.
fn links(found: &[Found], way: &str) -> Vec<String> {
    let link = |one: &Found| format!("{way}{}/{PAGE}", one.name);
    found.iter().map(link).collect()
}

fn write_overview(folder: &Path, found: &[Found], others: &[Other]) -> anyhow::Result<()> {
    let links = links(found, "");
    let measured = measured(found, &links);
    write_page(folder, &contents(&measured, others, PICTURE))?;
    if let Some(picture) = picture(&measured) {
        let path = folder.join(PICTURE);
        write_whole(&path, &picture.file())
            .with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

/// What goes into a document elsewhere: the picture, the table, and how both were made.
fn spliced(folder: &Path, found: &[Found], document: &Path) -> anyhow::Result<String> {
    let way = way(document, folder)?;
    let links = links(found, &way);
    let measured = measured(found, &links);
    let image = picture(&measured)
        .map(|picture| format!("![{}]({way}{PICTURE})\n\n", picture.finding()))
        .unwrap_or_default();
    Ok(image + &overview(&measured))
}

/// The link from a document to a folder: empty, or with a slash at its end.
fn way(document: &Path, folder: &Path) -> anyhow::Result<String> {
    let real = |path: &Path| {
        path.canonicalize()
            .with_context(|| format!("cannot read {}", path.display()))
    };
    let (document, folder) = (real(document)?, real(folder)?);
    let from: Vec<Component> = document
        .parent()
        .map_or(Vec::new(), |parent| parent.components().collect());
    let to: Vec<Component> = folder.components().collect();
    let common = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = from[common..].iter().map(|_| Path::new(".."));
    let down = to[common..].iter().map(|part| Path::new(part.as_os_str()));
    let way: PathBuf = up.chain(down).collect();
    let parts: Vec<_> = way.iter().map(|part| part.to_string_lossy()).collect();
    Ok(parts.join("/") + if parts.is_empty() { "" } else { "/" })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_from_a_document_to_a_folder_goes_up_and_down() {
        let above = tempfile::tempdir().unwrap();
        let at = |path: &str| above.path().join(path);
        fs::create_dir_all(at("results")).unwrap();
        fs::create_dir_all(at("docs/more")).unwrap();
        for (document, expected) in [
            ("README.md", "results/"),
            ("docs/more/a.md", "../../results/"),
            ("results/b.md", ""),
        ] {
            fs::write(at(document), "").unwrap();
            assert_eq!(way(&at(document), &at("results")).unwrap(), expected);
        }
    }
}
