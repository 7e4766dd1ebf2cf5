//! Who may use whom. The arrows of ARCHITECTURE.md, checked:
//!
//! ```text
//! threads/ processes/ async/  ->  job/  ->  harness
//! processes/                  ->  procpool
//! job/ threads/ processes/ async/  ->  site/  (what they are tried on, where that takes a server)
//! job/ threads/ processes/ async/  ->  pixels/  (what is done to the pixels of a picture)
//! versus                      ->  harness
//! benches                     ->  any job, any variant, procpool, harness
//! ```

use std::collections::BTreeMap;
use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

/// What a package is, by the folder that it stands in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Role {
    Harness,
    Procpool,
    Versus,
    Benches,
    Job { scenario: String },
    Site { scenario: String },
    Pixels { scenario: String },
    Variant { scenario: String, model: String },
}

impl Role {
    fn of(folder: &Path) -> Option<Self> {
        let parts: Vec<_> = folder
            .iter()
            .map(|part| part.to_str().unwrap_or("?"))
            .collect();
        Some(match parts.as_slice() {
            ["crates", "harness"] => Self::Harness,
            ["crates", "procpool"] => Self::Procpool,
            ["crates", "versus"] => Self::Versus,
            ["benches"] => Self::Benches,
            ["crates", scenario, "job"] => Self::Job {
                scenario: (*scenario).to_owned(),
            },
            ["crates", scenario, "site"] => Self::Site {
                scenario: (*scenario).to_owned(),
            },
            ["crates", scenario, "pixels"] => Self::Pixels {
                scenario: (*scenario).to_owned(),
            },
            [
                "crates",
                scenario,
                model @ ("threads" | "processes" | "async"),
            ] => Self::Variant {
                scenario: (*scenario).to_owned(),
                model: (*model).to_owned(),
            },
            _ => return None,
        })
    }

    fn may_use(&self, other: &Self) -> bool {
        match other {
            // All but the pool, the sites and the pixels, which stand by themselves.
            Self::Harness => !matches!(
                self,
                Self::Procpool | Self::Site { .. } | Self::Pixels { .. }
            ),
            Self::Procpool => match self {
                Self::Variant { model, .. } => model == "processes",
                _ => *self == Self::Benches,
            },
            Self::Job { scenario: job } => match self {
                Self::Variant { scenario, .. } => scenario == job,
                _ => *self == Self::Benches,
            },
            Self::Site { scenario: site } => match self {
                Self::Job { scenario } | Self::Variant { scenario, .. } => scenario == site,
                _ => false,
            },
            Self::Pixels { scenario: pixels } => match self {
                Self::Job { scenario } | Self::Variant { scenario, .. } => scenario == pixels,
                _ => *self == Self::Benches,
            },
            Self::Variant { .. } => *self == Self::Benches,
            Self::Versus | Self::Benches => false,
        }
    }
}

/// Every forbidden arrow in what `cargo metadata --no-deps` says, and every package without a role.
/// Dependencies for tests and build scripts count like all others.
fn violations(metadata: &Value) -> Vec<String> {
    let root = Path::new(text(&metadata["workspace_root"]));
    let packages = metadata["packages"].as_array().expect("packages");
    let mut found = Vec::new();
    let mut roles = BTreeMap::new();
    for package in packages {
        let manifest = Path::new(text(&package["manifest_path"]));
        let folder = manifest
            .parent()
            .and_then(|folder| folder.strip_prefix(root).ok());
        let name = text(&package["name"]);
        match folder.and_then(Role::of) {
            Some(role) => drop(roles.insert(name, role)),
            None => found.push(format!(
                "{name} stands where no package belongs: {folder:?}"
            )),
        }
    }
    for package in packages {
        let name = text(&package["name"]);
        let Some(role) = roles.get(name) else {
            continue;
        };
        for dependency in package["dependencies"].as_array().expect("dependencies") {
            let other = text(&dependency["name"]);
            if roles.get(other).is_some_and(|other| !role.may_use(other)) {
                found.push(format!("{name} uses {other}"));
            }
        }
    }
    found
}

fn text(value: &Value) -> &str {
    value.as_str().expect("a string")
}

#[test]
fn the_workspace_keeps_to_the_arrows() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--no-deps", "--offline", "--format-version=1"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .expect("cargo runs");
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let metadata: Value = serde_json::from_slice(&output.stdout).expect("JSON");
    assert!(
        metadata["packages"]
            .as_array()
            .is_some_and(|packages| packages.len() >= 7)
    );
    assert_eq!(violations(&metadata), [""; 0]);
}

/// Metadata of a workspace of these packages: folder and dependencies.
fn made_up(packages: &[(&str, &[&str])]) -> Value {
    let package = |(folder, uses): &(&str, &[&str])| {
        let uses: Vec<_> = uses
            .iter()
            .map(|folder| json!({ "name": name(folder) }))
            .collect();
        json!({
            "name": name(folder),
            "manifest_path": format!("/w/{folder}/Cargo.toml"),
            "dependencies": uses,
        })
    };
    let packages: Vec<_> = packages.iter().map(package).collect();
    json!({ "workspace_root": "/w", "packages": packages })
}

/// `crates/hasher/threads` is `hasher-threads`, `crates/hasher/job` is `hasher`.
fn name(folder: &str) -> String {
    let name = folder.strip_prefix("crates/").unwrap_or(folder);
    name.strip_suffix("/job").unwrap_or(name).replace('/', "-")
}

const ALL: [&str; 11] = [
    "crates/harness",
    "crates/procpool",
    "crates/versus",
    "benches",
    "crates/a/job",
    "crates/a/site",
    "crates/a/pixels",
    "crates/a/threads",
    "crates/a/processes",
    "crates/b/job",
    "crates/b/processes",
];

#[test]
fn every_arrow_is_allowed_or_found() {
    let allowed = [
        "versus harness",
        "a harness",
        "a a-site",
        "a-threads a-site",
        "a-processes a-site",
        "a a-pixels",
        "a-threads a-pixels",
        "a-processes a-pixels",
        "benches a-pixels",
        "b harness",
        "a-threads harness",
        "a-processes harness",
        "b-processes harness",
        "a-threads a",
        "a-processes a",
        "b-processes b",
        "a-processes procpool",
        "b-processes procpool",
        "benches harness",
        "benches procpool",
        "benches a",
        "benches a-threads",
        "benches a-processes",
        "benches b",
        "benches b-processes",
    ];
    for from in ALL {
        for to in ALL.into_iter().filter(|to| *to != from) {
            let packages: Vec<(&str, &[&str])> = ALL
                .iter()
                .map(|folder| {
                    (
                        *folder,
                        if *folder == from {
                            std::slice::from_ref(&to)
                        } else {
                            &[]
                        },
                    )
                })
                .collect();
            let found = violations(&made_up(&packages));
            let arrow = format!("{} {}", name(from), name(to));
            let expected = if allowed.contains(&arrow.as_str()) {
                vec![]
            } else {
                vec![format!("{} uses {}", name(from), name(to))]
            };
            assert_eq!(found, expected);
        }
    }
}

#[test]
fn libraries_from_elsewhere_are_nobody_s_business() {
    assert_eq!(
        violations(&made_up(&[("crates/harness", &["serde"])])),
        [""; 0]
    );
}

#[test]
fn a_package_in_another_place_is_found() {
    let found = violations(&made_up(&[("crates/a/common", &[])]));
    assert_eq!(
        found,
        ["a-common stands where no package belongs: Some(\"crates/a/common\")"]
    );
}
