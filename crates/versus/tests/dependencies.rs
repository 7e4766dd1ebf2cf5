//! What a newcomer's first build costs is known, and each library that is used has a reason.

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    let versus = Path::new(env!("CARGO_MANIFEST_DIR"));
    versus.join("../..").canonicalize().unwrap()
}

fn read(file: &str) -> String {
    fs::read_to_string(root().join(file)).unwrap()
}

/// How many packages `Cargo.lock` holds: of others, and ours.
fn locked(lock: &str) -> (usize, usize) {
    let packages = lock.split("[[package]]").skip(1);
    let (others, ours): (Vec<_>, Vec<_>) =
        packages.partition(|package| package.contains("\nsource = "));
    (others.len(), ours.len())
}

/// Dependencies of `[workspace.dependencies]` that are not ours and have no comment right above them.
fn without_reason(manifest: &str) -> Vec<&str> {
    let table = manifest
        .split("\n[")
        .find(|table| table.starts_with("workspace.dependencies]"))
        .unwrap_or_default();
    let lines: Vec<&str> = table.lines().collect();
    let pairs = lines.windows(2).map(|pair| (pair[0], pair[1]));
    let bare = pairs.filter(|(above, line)| !has_reason(above) && !line.contains("path = "));
    bare.filter_map(|(_, line)| Some(line.split_once(" = ")?.0))
        .collect()
}

/// A comment, and no heading.
fn has_reason(line: &str) -> bool {
    line.starts_with("# ")
}

/// Dependencies of a member that the workspace does not name, so that nobody would give a reason.
fn not_of_the_workspace(manifest: &str) -> Vec<&str> {
    let tables = manifest.split("\n[").filter(|table| {
        let name = table.split(']').next().unwrap_or_default();
        name.ends_with("dependencies")
    });
    let lines = tables.flat_map(|table| table.lines().skip(1));
    lines
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .filter(|line| !line.contains(".workspace = true") && !line.contains("workspace = true"))
        .collect()
}

#[test]
fn the_number_of_crates_is_the_one_that_is_stated() {
    let (others, ours) = locked(&read("Cargo.lock"));
    let said = format!("{others} crates of others, {ours} of ours");
    assert!(
        read("ARCHITECTURE.md").contains(&said),
        "ARCHITECTURE.md, \"What it is built of\", must say: {said}"
    );
}

#[test]
fn every_dependency_has_a_reason_above_it() {
    assert_eq!(without_reason(&read("Cargo.toml")), [""; 0]);
}

#[test]
fn members_take_their_dependencies_from_the_workspace() {
    let places = ["crates/*/Cargo.toml", "crates/*/*/Cargo.toml"];
    let mut manifests = vec![root().join("benches/Cargo.toml")];
    for folder in folders(&root().join("crates")) {
        manifests.extend([folder.join("Cargo.toml")]);
        manifests.extend(
            folders(&folder)
                .into_iter()
                .map(|one| one.join("Cargo.toml")),
        );
    }
    manifests.retain(|manifest| manifest.exists());
    assert!(manifests.len() > 20, "{places:?}: {manifests:?}");
    for manifest in manifests {
        let text = fs::read_to_string(&manifest).unwrap();
        let found = not_of_the_workspace(&text);
        assert_eq!(found, [""; 0], "{}", manifest.display());
    }
}

fn folders(above: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(above).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.is_dir()).collect()
}

#[test]
fn what_has_no_reason_is_found() {
    let manifest = "[workspace]\n\n[workspace.dependencies]\n# Ours.\nown = { path = \"own\" }\nother = \"1\"\n\n\
                    ## A heading\nthird = \"1\"\n# A reason.\ngood = \"1\"\n\n[workspace.lints.rust]\nx = \"deny\"\n";
    assert_eq!(without_reason(manifest), ["other", "third"]);
    let member = "[package]\nname = \"a\"\n\n[dependencies]\nanyhow.workspace = true\nserde = \"1\"\n\
                  harness = { workspace = true, features = [\"measure\"] }\n\n[lints]\nworkspace = true\n";
    assert_eq!(not_of_the_workspace(member), ["serde = \"1\""]);
    let lock = "version = 4\n\n[[package]]\nname = \"own\"\nversion = \"1\"\n\n[[package]]\nname = \"other\"\n\
                source = \"registry\"\n";
    assert_eq!(locked(lock), (1, 1));
}
