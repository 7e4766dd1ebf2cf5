//! Every mechanism by every model, in turns.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use counter::{Count, CounterRecord, Mechanism};
use harness::measure::plan::{self, Lineup};
use harness::record::Model;
use harness::say;

use crate::Options;

/// The programs, which are built beside this one.
const PROGRAMS: [(Model, &str); 2] = [
    (Model::Threads, "counter-threads"),
    (Model::Processes, "counter-processes"),
];

/// All counted runs of one mechanism, in the order of the blocks.
pub(crate) type Runs = Vec<(String, Model, Vec<Count>)>;

/// Runs every mechanism by every model once a block, and once more before the blocks that count.
pub(crate) fn measure(options: &Options) -> Result<Runs> {
    let blocks = options.blocks;
    let contestants: Vec<_> = Mechanism::ALL
        .into_iter()
        .flat_map(|mechanism| PROGRAMS.map(|(model, program)| (mechanism, model, program)))
        .collect();
    let mut runs: Runs = contestants
        .iter()
        .map(|(mechanism, model, _)| (mechanism.name().to_owned(), *model, Vec::new()))
        .collect();
    let lineup = Lineup {
        scenario: "counter",
        case: "mechanisms",
        contestants: contestants.len(),
        baselines: &[],
    };
    for (number, block) in (0..).zip(plan::blocks(lineup, blocks, options.seed)) {
        say!("block {number} of {blocks}");
        for slot in block {
            let (mechanism, _, program) = contestants[slot.contestant];
            let count = run(program, mechanism, options)?;
            // The first block warms up.
            if number > 0 {
                runs[slot.contestant].2.push(count);
            }
        }
    }
    Ok(runs)
}

fn run(program: &str, mechanism: Mechanism, options: &Options) -> Result<Count> {
    let path = beside(program)?;
    let output = Command::new(&path)
        .args(["--json", "--quiet", "--mechanism", mechanism.name()])
        .args(["--workers", &options.workers.to_string()])
        .args(options.pin.then_some("--pin"))
        .output()
        .with_context(|| {
            format!(
                "cannot start {} (build it first: cargo build --release -p {program})",
                path.display()
            )
        })?;
    let told = String::from_utf8_lossy(&output.stderr);
    ensure!(
        output.status.success(),
        "{program} by {}: {}: {told}",
        mechanism.name(),
        output.status
    );
    let record: CounterRecord = serde_json::from_slice(&output.stdout).context("no run record")?;
    record
        .counts
        .into_iter()
        .next()
        .context("nothing was counted")
}

fn beside(program: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(this.with_file_name(program))
}
