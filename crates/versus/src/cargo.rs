//! Building the variants.

use std::collections::BTreeMap;
use std::env;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{ChildStdout, Command, Stdio};

use anyhow::{Context, bail};

use crate::failure::Failure;
use crate::interrupt;

/// Where the program of each package is.
pub(crate) type Executables = BTreeMap<String, PathBuf>;

/// Builds the packages, optimised, and says where their programs are. Cargo itself shows its progress
/// and its errors.
pub(crate) fn build(root: &Path, packages: &[&str]) -> Result<Executables, Failure> {
    if packages.is_empty() {
        return Ok(Executables::new());
    }
    // The cargo that runs us, if one does.
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo.args([
        "build",
        "--release",
        "--message-format=json-render-diagnostics",
    ]);
    cargo.args(packages.iter().flat_map(|package| ["--package", package]));
    cargo
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::piped());
    let mut child = cargo
        .spawn()
        .context("cannot start cargo, which builds the variants")?;
    let built = child.stdout.take().map(executables).unwrap_or_default();
    let status = child.wait().context("cannot wait for cargo")?;
    interrupt::check()?;
    if !status.success() {
        return Err(
            anyhow::anyhow!("the variants cannot be built: cargo ended with {status}").into(),
        );
    }
    check_all_there(packages, &built)?;
    Ok(built)
}

/// What cargo says that it has built. Lines that are no such message are none of our business.
fn executables(messages: ChildStdout) -> Executables {
    let lines = BufReader::new(messages).lines().map_while(Result::ok);
    lines.filter_map(|line| executable(&line)).collect()
}

fn executable(message: &str) -> Option<(String, PathBuf)> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let program = message.get("executable")?.as_str()?;
    let name = message.get("target")?.get("name")?.as_str()?;
    Some((name.to_owned(), PathBuf::from(program)))
}

fn check_all_there(packages: &[&str], built: &Executables) -> anyhow::Result<()> {
    match packages
        .iter()
        .find(|package| !built.contains_key(**package))
    {
        None => Ok(()),
        Some(package) => bail!("package `{package}` has no program of the same name"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn programs_are_found_among_what_cargo_says() {
        let program = r#"{"reason":"compiler-artifact","target":{"kind":["bin"],"name":"hasher"},"executable":"/t/hasher"}"#;
        let library = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"name":"hasher"},"executable":null}"#;
        assert_eq!(
            executable(program),
            Some(("hasher".to_owned(), PathBuf::from("/t/hasher")))
        );
        assert_eq!(executable(library), None);
        assert_eq!(executable("warning: hello"), None);
    }

    #[test]
    fn a_package_without_program_is_named() {
        let built = Executables::from([("a".to_owned(), PathBuf::from("/a"))]);
        assert!(check_all_there(&["a"], &built).is_ok());
        let error = check_all_there(&["a", "b"], &built)
            .unwrap_err()
            .to_string();
        assert!(error.contains("package `b`"), "{error}");
    }
}
