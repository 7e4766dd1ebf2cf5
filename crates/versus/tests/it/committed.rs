//! What is committed in `results/`, and what of it stands in documents, is what the samples say.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::workspace::Ended;

/// How to run what mends it, from the root of the workspace.
const VERSUS: &str = "cargo run --release -p versus --";
const BEGIN: &str = "<!-- versus:begin ";

fn root() -> PathBuf {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    root.canonicalize().unwrap()
}

fn names(folder: &Path) -> Vec<String> {
    let entries =
        fs::read_dir(folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
    let mut names: Vec<_> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

/// All files below a folder, by their paths in it.
fn files(folder: &Path) -> Vec<String> {
    let mut files = Vec::new();
    for name in names(folder) {
        let path = folder.join(&name);
        if path.is_dir() {
            files.extend(
                self::files(&path)
                    .iter()
                    .map(|file| format!("{name}/{file}")),
            );
        } else {
            files.push(name);
        }
    }
    files
}

/// The folders in `results/` that are the repository's: `.gitignore` names the others.
fn folders() -> Vec<String> {
    let results = root().join("results");
    let mut folders = names(&results);
    folders.retain(|name| {
        let is_own = name == "latest" || name.starts_with('.') || name.contains(".partial-");
        results.join(name).is_dir() && !is_own
    });
    folders
}

fn is_measured(folder: &str) -> bool {
    root()
        .join("results")
        .join(folder)
        .join("samples.jsonl")
        .exists()
}

/// Documents that people write, in which tables stand.
fn documents() -> Vec<String> {
    let crates = names(&root().join("crates"));
    let readmes = crates.iter().map(|name| format!("crates/{name}/README.md"));
    let all = ["README.md".to_owned()].into_iter().chain(readmes);
    all.filter(|path| root().join(path).exists()).collect()
}

/// A copy of the samples and of what no samples make, without anything that `versus` makes.
fn bare() -> TempDir {
    let copy = tempfile::tempdir().unwrap();
    for folder in folders() {
        let (from, to) = (
            root().join("results").join(&folder),
            copy.path().join("results").join(&folder),
        );
        let mut wanted = files(&from);
        if is_measured(&folder) {
            wanted.retain(|file| file == "samples.jsonl");
        }
        for file in wanted {
            let target = to.join(&file);
            fs::create_dir_all(target.parent().unwrap()).unwrap();
            fs::copy(from.join(&file), target).unwrap();
        }
    }
    copy
}

#[track_caller]
fn versus(folder: &Path, args: &[&str]) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_versus"));
    let output = command.args(args).current_dir(folder).output().unwrap();
    Ended::from(output).expect(0);
}

/// The command that makes this file of `results/` again.
fn mends(file: &str) -> String {
    match file.split_once('/') {
        Some((folder, _)) if is_measured(folder) => format!("{VERSUS} report results/{folder}"),
        _ => format!("{VERSUS} pages"),
    }
}

#[test]
fn results_are_made_again_from_their_samples_to_the_byte() {
    let copy = bare();
    for folder in folders().iter().filter(|folder| is_measured(folder)) {
        versus(copy.path(), &["report", &format!("results/{folder}")]);
    }
    versus(copy.path(), &["pages", "results"]);
    let (made, committed) = (copy.path().join("results"), root().join("results"));
    for file in files(&made) {
        let there = fs::read(committed.join(&file)).ok();
        // Large ones are left out of the repository.
        let may_be_missing = file.contains("/timeline-") && there.is_none();
        let same = there.is_some_and(|there| there == fs::read(made.join(&file)).unwrap());
        assert!(
            same || may_be_missing,
            "results/{file} is not what the samples say: `{}` makes it again",
            mends(&file)
        );
    }
    for folder in folders() {
        for file in files(&committed.join(&folder)) {
            let is_made = made.join(&folder).join(&file).exists();
            assert!(
                is_made,
                "results/{folder}/{file} is made by nothing: remove it"
            );
        }
    }
}

/// The names between whose markers something stands in this document.
fn markers(text: &str) -> Vec<String> {
    let after = text.split(BEGIN).skip(1);
    after
        .map(|rest| rest.split(' ').next().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn tables_in_documents_are_what_the_samples_say() {
    let copy = bare();
    let mut checked = Vec::new();
    for path in documents() {
        let committed = fs::read_to_string(root().join(&path)).unwrap();
        let document = copy.path().join(&path);
        fs::create_dir_all(document.parent().unwrap()).unwrap();
        fs::write(&document, &committed).unwrap();
        for marker in markers(&committed) {
            let folder = format!("results/{marker}");
            let args = if marker == "overview" {
                vec!["pages", "results", "--splice", &path]
            } else if is_measured(&marker) {
                vec!["report", &folder, "--splice", &path, "--marker", &marker]
            } else {
                // The table of another program, or of what was not measured yet.
                continue;
            };
            versus(copy.path(), &args);
            assert!(
                fs::read_to_string(&document).unwrap() == committed,
                "{path} shows something else of {marker} than the samples: `{VERSUS} {}` puts it there",
                args.join(" ")
            );
            checked.push(marker);
        }
    }
    assert!(checked.contains(&"overview".to_owned()), "{checked:?}");
    let shown = |folder: &String| checked.contains(folder);
    let missing: Vec<_> = folders()
        .into_iter()
        .filter(|one| is_measured(one) && !shown(one))
        .collect();
    assert!(missing.is_empty(), "no document shows {missing:?}");
}
