//! Whether the parent's memory grows with the number of tasks.

use std::fs;

use anyhow::{Result, ensure};
use benches::no_op;
use harness::report::numbers::memory;
use harness::say;

use crate::finding::Finding;
use crate::table::Row;

const TASKS: u64 = 10_000_000;
/// From here on everything that a map needs is there, and nothing should be added.
const WARM: u64 = 1_000_000;
/// How much it may grow by between the two. Linux counts in batches, exact to some hundred KiB; a single
/// byte kept of each task would be 8.6 MiB.
const LIMIT: u64 = 1 << 20;

/// What this process has of memory, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Memory {
    /// The most that was resident at any time (`VmHWM`).
    peak: u64,
    /// What is resident now (`VmRSS`).
    resident: u64,
}

/// Counts before, at a million tasks, and at the end. Of this process alone: a worker holds one batch.
pub(crate) fn measure() -> Result<Row> {
    say!("memory over 10 million tasks");
    let before = read();
    let (warm, after) = run()?;
    let known = before.zip(warm).zip(after);
    let row = known.map(|((before, warm), after)| row(before, warm, after));
    Ok(row.unwrap_or_else(not_told))
}

/// Memory at a million tasks and after the last.
fn run() -> Result<(Option<Memory>, Option<Memory>)> {
    let pool = no_op::pool(benches::WORKERS)?;
    let (mut warm, mut sum) = (None, 0);
    for (place, output) in (1..).zip(pool.map(0..TASKS)) {
        sum += output?;
        if place == WARM {
            warm = read();
        }
    }
    ensure!(
        sum == TASKS * (TASKS - 1) / 2,
        "an output is missing or wrong"
    );
    Ok((warm, read()))
}

fn row(before: Memory, warm: Memory, after: Memory) -> Row {
    let grown = after.peak.saturating_sub(warm.peak);
    let all = [before, warm, after];
    let list = |value: fn(&Memory) -> u64| all.each_ref().map(value).map(memory).join(", ");
    Row {
        what: WHAT.to_owned(),
        ours: if grown == 0 {
            "does not grow".to_owned()
        } else {
            format!("grows by {}", memory(grown))
        },
        baseline: format!("at 1 million: {}", memory(warm.peak)),
        ratio: String::new(),
        target: format!("≤ {}", memory(LIMIT)),
        finding: if grown <= LIMIT {
            Finding::Met
        } else {
            Finding::NotMet
        },
        note: format!(
            "before, at 1 million, at 10 million: peak {}; resident {}",
            list(|memory| memory.peak),
            list(|memory| memory.resident)
        ),
    }
}

const WHAT: &str = "peak memory, task 1 to 10 million";

fn not_told() -> Row {
    Row {
        what: WHAT.to_owned(),
        ours: "not told by this system".to_owned(),
        baseline: String::new(),
        ratio: String::new(),
        target: format!("≤ {}", memory(LIMIT)),
        finding: Finding::CannotTell,
        note: "needs /proc/self/status, which Linux has".to_owned(),
    }
}

fn read() -> Option<Memory> {
    parse(&fs::read_to_string("/proc/self/status").ok()?)
}

fn parse(status: &str) -> Option<Memory> {
    let bytes = |key: &str| {
        let line = status.lines().find_map(|line| line.strip_prefix(key))?;
        let kibibytes: u64 = line.strip_suffix("kB")?.trim().parse().ok()?;
        Some(kibibytes * 1024)
    };
    Some(Memory {
        peak: bytes("VmHWM:")?,
        resident: bytes("VmRSS:")?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const MIB: u64 = 1 << 20;

    #[test]
    fn what_the_kernel_says_is_read() {
        let status = "Name:\tx\nVmHWM:\t    2048 kB\nVmRSS:\t    1024 kB\n";
        let (peak, resident) = (2 * MIB, MIB);
        assert_eq!(parse(status), Some(Memory { peak, resident }));
        assert_eq!(parse("Name:\tx\n"), None);
    }

    #[test]
    fn growth_after_a_million_tasks_decides() {
        let at = |peak| Memory {
            peak,
            resident: MIB,
        };
        let finding = |after| row(at(MIB), at(8 * MIB), at(after)).finding;
        assert_eq!(finding(8 * MIB), Finding::Met);
        assert_eq!(finding(10 * MIB), Finding::NotMet);
    }
}
