//! Result folders: written whole or not at all.
//!
//! A new measurement must never cost an old one. So it is written into a folder beside the one that it
//! shall replace, and takes that one's place only when everything is there. If it fails halfway, the
//! old results stay where they are, and the samples so far stay in the folder beside.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::io;
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::whole::{absolute, folder_builder};

/// The name of the samples file in a result folder.
pub const SAMPLES: &str = "samples.jsonl";
/// The name of the description of the machine.
pub const ENVIRONMENT: &str = "environment.json";
/// The name of the tables for documents.
pub const TABLES_MARKDOWN: &str = "tables.md";
/// The name of the tables for spreadsheets.
pub const TABLES_CSV: &str = "tables.csv";
/// The name of the tables for programs.
pub const TABLES_JSON: &str = "tables.json";

/// The name of the page that code hosts show of a folder.
pub const PAGE: &str = "README.md";
/// How such a page begins if it was made from samples. One that begins otherwise is somebody's own.
pub const PAGE_MARK: &str =
    "<!-- Made by versus from samples; what is changed by hand is lost. -->\n";
/// The name of the report for browsers.
pub const REPORT: &str = "report.html";
/// The name of the folder of charts.
pub const CHARTS: &str = "charts";

/// Every file that a result folder may hold, beside charts, timelines and its page.
const FILES: [&str; 6] = [
    SAMPLES,
    ENVIRONMENT,
    TABLES_MARKDOWN,
    TABLES_CSV,
    TABLES_JSON,
    REPORT,
];

/// What stands in the name of a folder in the making, behind the name that it shall have.
pub const PARTIAL: &str = ".partial-";

/// The name of the timelines of a case, for viewers of trace events.
pub fn timeline_file(scenario: &str, case: &str) -> String {
    format!("timeline-{}.json", stem(scenario, case))
}

/// The name of a chart of a case, in the folder of charts.
pub fn chart_file(scenario: &str, case: &str, kind: &str) -> String {
    format!("{}-{kind}.svg", stem(scenario, case))
}

/// A part of a file's name: what stands for itself in any file system, and in any link.
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

/// Whether there is a page at `path` that was not made from samples, which would be lost if it were replaced.
///
/// # Errors
///
/// If there is something, and it cannot be read.
pub fn is_page_of_others(path: &Path) -> io::Result<bool> {
    match fs::read(path) {
        Ok(text) => Ok(!text.starts_with(PAGE_MARK.as_bytes())),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

/// Whether timelines could have this name.
pub fn is_timeline_file(name: &str) -> bool {
    name.starts_with("timeline-") && has_extension(name.as_ref(), "json")
}

/// Whether a chart could have this name.
pub fn is_chart_file(name: &str) -> bool {
    has_extension(name.as_ref(), "svg")
}

/// A result folder in the making, beside the place that it shall have.
#[derive(Debug)]
pub struct ResultsFolder {
    partial: TempDir,
    place: PathBuf,
}

impl ResultsFolder {
    /// Makes an empty folder beside `place`, and the folders above. This is how an unusable place is
    /// noticed before anything is measured.
    ///
    /// # Errors
    ///
    /// If nothing can be written there, or if `place` holds anything but results, which would be lost.
    pub fn prepare(place: &Path) -> Result<Self, ResultsError> {
        let unwritable = |cause| ResultsError::Unwritable {
            place: place.to_owned(),
            cause,
        };
        let place = absolute(place).map_err(unwritable)?;
        check_replaceable(&place)?;
        let (Some(parent), Some(name)) = (place.parent(), place.file_name()) else {
            return Err(ResultsError::NotResults {
                place,
                found: "the whole file system".to_owned(),
            });
        };
        fs::create_dir_all(parent).map_err(unwritable)?;
        let mut prefix = name.to_owned();
        prefix.push(PARTIAL);
        let partial = folder_builder()
            .prefix(&prefix)
            .tempdir_in(parent)
            .map_err(unwritable)?;
        Ok(Self { partial, place })
    }

    /// Where its files are written.
    pub fn path(&self) -> &Path {
        self.partial.path()
    }

    /// Gives it its place. An older result folder there is removed.
    ///
    /// # Errors
    ///
    /// If that fails; the old folder is then still there, and the new one beside it, as the error says.
    pub fn publish(self) -> Result<PathBuf, ResultsError> {
        let Self { partial, place } = self;
        let partial = partial.keep();
        let replaced = check_replaceable(&place).and_then(|()| {
            swap(&partial, &place).map_err(|cause| ResultsError::Unwritable {
                place: place.clone(),
                cause,
            })
        });
        match replaced {
            Ok(()) => Ok(place),
            Err(cause) => Err(ResultsError::Unpublished {
                kept: partial,
                cause: Box::new(cause),
            }),
        }
    }

    /// Leaves it where it is, for whoever wants to look at what there is, and says where. Without this
    /// or [`ResultsFolder::publish`] it is removed.
    pub fn keep(self) -> PathBuf {
        self.partial.keep()
    }
}

/// Removes what an interrupted measurement left, once it is held elsewhere. Only a folder that is named like
/// one and holds nothing but results: says whether it was.
///
/// # Errors
///
/// If it cannot be removed.
pub fn remove_partial(folder: &Path) -> io::Result<bool> {
    let folder = absolute(folder)?;
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    if !name.contains(PARTIAL) || check_replaceable(&folder).is_err() {
        return Ok(false);
    }
    fs::remove_dir_all(&folder)?;
    Ok(true)
}

/// Why a result folder cannot be written.
#[derive(Debug, thiserror::Error)]
pub enum ResultsError {
    /// The system refuses.
    #[error("results cannot be written to {}: {cause}", place.display())]
    Unwritable {
        /// Where they were to go.
        place: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// Something else would be lost.
    #[error(
        "results cannot be written to {}: it holds {found}, which is none of our results; name another folder",
        place.display()
    )]
    NotResults {
        /// Where they were to go.
        place: PathBuf,
        /// What is there.
        found: String,
    },
    /// Everything was measured, but could not be put into its place.
    #[error("{cause}; they are kept in {}", kept.display())]
    Unpublished {
        /// Where they are.
        kept: PathBuf,
        /// What went wrong.
        cause: Box<Self>,
    },
}

/// Only nothing, an empty folder, or what looks like results in all its parts may be replaced.
fn check_replaceable(place: &Path) -> Result<(), ResultsError> {
    let entries = match fs::read_dir(place) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => {
            return Err(ResultsError::Unwritable {
                place: place.to_owned(),
                cause,
            });
        }
    };
    for entry in entries.flatten() {
        if !is_ours(&entry) {
            return Err(ResultsError::NotResults {
                place: place.to_owned(),
                found: format!("`{}`", entry.file_name().display()),
            });
        }
    }
    Ok(())
}

fn is_ours(entry: &DirEntry) -> bool {
    let name = entry.file_name();
    if name == CHARTS {
        return holds_only_charts(&entry.path());
    }
    if name == PAGE {
        return is_page_of_others(&entry.path()).is_ok_and(|others| !others);
    }
    FILES.iter().any(|file| name == *file) || name.to_str().is_some_and(is_timeline_file)
}

fn holds_only_charts(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten();
    let mut names = entries.flatten().map(|entry| entry.file_name());
    folder.is_dir() && names.all(|name| name.to_str().is_some_and(is_chart_file))
}

fn has_extension(name: &OsStr, extension: &str) -> bool {
    Path::new(name)
        .extension()
        .is_some_and(|found| found == extension)
}

/// Puts `new` at `place`, by way of a third name for what is there.
fn swap(new: &Path, place: &Path) -> io::Result<()> {
    if !place.exists() {
        return fs::rename(new, place);
    }
    let parent = place.parent().unwrap_or(Path::new("/"));
    let aside = Builder::new().prefix(".versus-old-").tempdir_in(parent)?;
    let old = aside.path().join("results");
    fs::rename(place, &old)?;
    if let Err(error) = fs::rename(new, place) {
        // Back again. Should even that fail, the old results must at least not be removed.
        if fs::rename(&old, place).is_err() {
            let _ = aside.keep();
        }
        return Err(error);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    fn old_results(above: &Path) -> PathBuf {
        let place = above.join("latest");
        fs::create_dir(&place).unwrap();
        fs::write(place.join(SAMPLES), "old").unwrap();
        fs::write(place.join(TABLES_CSV), "old").unwrap();
        place
    }

    #[test]
    fn published_results_replace_old_ones_whole() {
        let above = tempfile::tempdir().unwrap();
        let place = old_results(above.path());
        let new = ResultsFolder::prepare(&place).unwrap();
        fs::write(new.path().join(SAMPLES), "new").unwrap();
        assert_eq!(fs::read_to_string(place.join(SAMPLES)).unwrap(), "old");
        new.publish().unwrap();
        assert_eq!(names(&place), [SAMPLES]);
        assert_eq!(fs::read_to_string(place.join(SAMPLES)).unwrap(), "new");
        assert_eq!(names(above.path()), ["latest"]);
    }

    #[test]
    fn what_is_neither_published_nor_kept_leaves_nothing_and_costs_nothing() {
        let above = tempfile::tempdir().unwrap();
        let place = old_results(above.path());
        drop(ResultsFolder::prepare(&place).unwrap());
        assert_eq!(names(above.path()), ["latest"]);
        assert_eq!(names(&place), [SAMPLES, TABLES_CSV]);
    }

    #[test]
    fn kept_samples_stay_beside_old_results() {
        let above = tempfile::tempdir().unwrap();
        let place = old_results(above.path());
        let new = ResultsFolder::prepare(&place).unwrap();
        fs::write(new.path().join(SAMPLES), "new").unwrap();
        let kept = new.keep();
        assert_eq!(fs::read_to_string(kept.join(SAMPLES)).unwrap(), "new");
        assert_eq!(fs::read_to_string(place.join(SAMPLES)).unwrap(), "old");
    }

    #[test]
    fn a_folder_with_other_things_is_not_replaced() {
        let above = tempfile::tempdir().unwrap();
        fs::write(above.path().join("photo.jpg"), "").unwrap();
        let error = ResultsFolder::prepare(above.path())
            .unwrap_err()
            .to_string();
        assert!(error.contains("it holds `photo.jpg`"), "{error}");
    }

    #[test]
    fn charts_and_timelines_are_replaced_and_what_lies_among_them_is_not_lost() {
        let above = tempfile::tempdir().unwrap();
        let place = old_results(above.path());
        let charts = place.join(CHARTS);
        fs::create_dir(&charts).unwrap();
        fs::write(charts.join("a.svg"), "old").unwrap();
        fs::write(place.join(timeline_file("job", "a")), "old").unwrap();
        fs::write(place.join(REPORT), "old").unwrap();
        drop(ResultsFolder::prepare(&place).unwrap());
        fs::write(charts.join("a.png"), "mine").unwrap();
        let error = ResultsFolder::prepare(&place).unwrap_err().to_string();
        assert!(error.contains("it holds `charts`"), "{error}");
    }

    #[test]
    fn a_page_that_was_made_is_replaced_and_one_that_was_written_is_not_lost() {
        let above = tempfile::tempdir().unwrap();
        let place = old_results(above.path());
        fs::write(place.join(PAGE), format!("{PAGE_MARK}\nold\n")).unwrap();
        drop(ResultsFolder::prepare(&place).unwrap());
        fs::write(place.join(PAGE), "# Notes\n").unwrap();
        let error = ResultsFolder::prepare(&place).unwrap_err().to_string();
        assert!(error.contains("it holds `README.md`"), "{error}");
    }

    #[test]
    fn results_that_cannot_be_published_are_kept_and_the_old_ones_too() {
        let above = tempfile::tempdir().unwrap();
        let place = old_results(above.path());
        let new = ResultsFolder::prepare(&place).unwrap();
        fs::write(new.path().join(SAMPLES), "new").unwrap();
        // Somebody put something there meanwhile.
        fs::write(place.join("notes"), "mine").unwrap();
        let Err(ResultsError::Unpublished { kept, .. }) = new.publish() else {
            panic!("published");
        };
        assert_eq!(fs::read_to_string(kept.join(SAMPLES)).unwrap(), "new");
        assert_eq!(names(&place), ["notes", SAMPLES, TABLES_CSV]);
    }

    #[test]
    fn a_place_below_a_file_is_refused() {
        let above = tempfile::tempdir().unwrap();
        let file = above.path().join("file");
        fs::write(&file, "").unwrap();
        for place in [file.clone(), file.join("below")] {
            let error = ResultsFolder::prepare(&place).unwrap_err().to_string();
            assert!(
                error.contains(&format!("written to {}: ", place.display())),
                "{error}"
            );
        }
    }
}
