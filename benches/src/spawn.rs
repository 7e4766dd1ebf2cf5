//! A program that does nothing, started and waited for: what is left is what whoever times it adds.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Result, ensure};
use harness::measure::runner::{Entrant, Limit, Reply, Start, Turn, adopt_orphans, run};
use harness::measure::samples::ContestantPlan;
use harness::record::Model;

use crate::Side;

const PROGRAM: &str = "true";

/// As `versus` runs and times a contestant: watched by a guard, in a process group of its own, marked, and
/// with files for what it prints. The time is the one that `versus` would report.
///
/// # Errors
/// Never; as the others.
pub fn versus() -> Result<Side> {
    let entrant = Entrant {
        may_decline: false,
        failing: false,
        scenario: "spawn".to_owned(),
        case: "nothing".to_owned(),
        plan: ContestantPlan {
            own_checksum: false,
            name: PROGRAM.to_owned(),
            model: Model::Command,
            workers: 1,
            command: None,
        },
        start: Start {
            program: PROGRAM.into(),
            args: Vec::new(),
        },
        reply: Reply::Output,
    };
    let turn = Turn {
        block: 1,
        position: 0,
        control: false,
    };
    adopt_orphans();
    Ok(Side::parts(move || {
        let sample = run(&entrant, turn, Path::new("."), Limit::default())?;
        Ok(Duration::from_nanos(sample.wall_ns))
    }))
}

/// No more than starting it and waiting for it.
///
/// # Errors
/// Never; as the others.
pub fn bare() -> Result<Side> {
    Ok(Side::parts(|| {
        let clock = Instant::now();
        let mut command = Command::new(PROGRAM);
        let status = command.stdin(Stdio::null()).status()?;
        let took = clock.elapsed();
        ensure!(status.success(), "{PROGRAM} ended with {status}");
        Ok(took)
    }))
}
