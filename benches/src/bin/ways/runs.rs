//! Every program, in turns.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use harness::measure::environment::Environment;
use harness::measure::plan::{self, Lineup};
use harness::record::Model;
use harness::say;
use messenger::{Cell, MessengerRecord};
use serde::{Deserialize, Serialize};

use crate::Options;

/// What was measured, and where.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Measured {
    pub(crate) blocks: u32,
    pub(crate) payload: String,
    pub(crate) seed: u64,
    /// The machine, in words.
    pub(crate) machine: String,
    pub(crate) runs: Vec<Run>,
}

/// One run of a program in a block that counts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Run {
    pub(crate) block: u32,
    pub(crate) model: Model,
    pub(crate) cores: Cores,
    pub(crate) cells: Vec<Cell>,
}

/// Where the two workers are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Cores {
    /// On one core.
    Same,
    /// Each on a core of its own.
    Other,
}

/// The payload at which waking is looked at: one that costs nothing to copy.
pub(crate) const SMALL: usize = 64;

struct Contestant {
    model: Model,
    program: &'static str,
    cores: Cores,
}

/// The programs, which are built beside this one.
const CONTESTANTS: [Contestant; 5] = [
    Contestant {
        model: Model::Sequential,
        program: "messenger",
        cores: Cores::Other,
    },
    Contestant {
        model: Model::Threads,
        program: "messenger-threads",
        cores: Cores::Other,
    },
    Contestant {
        model: Model::Processes,
        program: "messenger-processes",
        cores: Cores::Other,
    },
    Contestant {
        model: Model::Threads,
        program: "messenger-threads",
        cores: Cores::Same,
    },
    Contestant {
        model: Model::Processes,
        program: "messenger-processes",
        cores: Cores::Same,
    },
];

/// Runs every program once a block, and once more before the blocks that count.
pub(crate) fn measure(options: &Options) -> Result<Measured> {
    let blocks = options.blocks;
    let lineup = Lineup {
        scenario: "messenger",
        case: "ways",
        contestants: CONTESTANTS.len(),
        baselines: &[],
    };
    let mut runs = Vec::new();
    for (block, slots) in (0..).zip(plan::blocks(lineup, blocks, options.seed)) {
        say!("block {block} of {blocks}");
        for slot in slots {
            let contestant = &CONTESTANTS[slot.contestant];
            let cells = run(contestant, block, options)?;
            // The first block warms up.
            if block > 0 {
                runs.push(Run {
                    block,
                    model: contestant.model,
                    cores: contestant.cores,
                    cells,
                });
            }
        }
    }
    Ok(Measured {
        blocks,
        payload: options.payload.clone(),
        seed: options.seed,
        machine: machine(),
        runs,
    })
}

fn run(contestant: &Contestant, block: u32, options: &Options) -> Result<Vec<Cell>> {
    let program = contestant.program;
    let path = beside(program)?;
    let small = SMALL.to_string();
    let (place, payload) = match contestant.cores {
        Cores::Same => ("same", &small),
        Cores::Other => ("other", &options.payload),
    };
    let seed = options.seed.wrapping_add(u64::from(block)).to_string();
    let output = Command::new(&path)
        .args(["--json", "--quiet", "--blocks", "1", "--seed", &seed])
        .args(["--place", place, "--payload", payload])
        .output()
        .with_context(|| {
            format!(
                "cannot start {} (build it first: cargo build --release -p {program})",
                path.display()
            )
        })?;
    let told = String::from_utf8_lossy(&output.stderr);
    let status = output.status;
    ensure!(status.success(), "{program}: {status}: {told}");
    let record: MessengerRecord =
        serde_json::from_slice(&output.stdout).context("no run record")?;
    Ok(record.cells)
}

fn beside(program: &str) -> Result<PathBuf> {
    let this = std::env::current_exe().context("cannot tell where this program is")?;
    Ok(this.with_file_name(program))
}

fn machine() -> String {
    let machine = Environment::read(Path::new(env!("CARGO_MANIFEST_DIR")));
    let cpu = machine.cpu.as_deref().unwrap_or("unknown processor");
    let cores = machine.cores.map(|cores| cores.to_string());
    format!("{cpu}, {} cores", cores.as_deref().unwrap_or("?"))
}
