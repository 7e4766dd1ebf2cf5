//! What `cargo bench` does beside criterion: it says how long it will take, and has `versus` compare in blocks.

mod asked;

use std::env;
use std::path::Path;
use std::process::{Command, ExitCode};

use anyhow::{Context, Result};

pub use asked::Asked;

/// Compares the contestants of these scenarios in blocks, into results/latest. Without scenarios, nothing.
///
/// By the program `versus`, since a contestant is a fresh process each time. Its exit status is that of this program.
///
/// # Errors
/// If cargo cannot be started.
pub fn compare(scenarios: &[String]) -> Result<ExitCode> {
    if scenarios.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo)
        .args(["run", "--release", "--quiet", "--package", "versus", "--"])
        .args(["run", "--quick"])
        .args(scenarios)
        .current_dir(root)
        .status()
        .context("cannot start cargo, which builds and runs versus")?;
    // Of a signal there is no code; versus itself ends with 130 after Ctrl-C.
    let code = status.code().and_then(|code| u8::try_from(code).ok());
    Ok(code.map_or(ExitCode::FAILURE, ExitCode::from))
}
