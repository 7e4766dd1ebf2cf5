//! Tasks of about 10 microseconds, with what they did when kept for a run record, and without.

use std::hint::black_box;

use anyhow::{Result, ensure};
use harness::contestant::{Identity, Run, Stamp};
use harness::record::{Model, Outcome};

use crate::{Side, compute};

/// Tasks in one iteration of each side.
pub const TASKS: u64 = 10_000;

/// Every task stamped, every stamp kept, and the spans and percentiles made of them at the end: what a
/// variant does. On one thread, so that nothing of it hides behind a worker.
///
/// # Errors
/// Never; as the others.
pub fn kept(rounds_per_ms: u64) -> Result<Side> {
    let rounds = rounds_per_ms / 100;
    Ok(Side::whole(move || {
        let mut run = Run::begin(Identity {
            scenario: "spans",
            case: None,
            model: Model::Sequential,
            workers: 1,
            version: env!("CARGO_PKG_VERSION"),
        });
        run.workers_ready();
        for seed in 0..TASKS {
            let (hash, stamp) = Stamp::of(|| compute::hash(rounds, seed));
            black_box(hash);
            run.task(Some(stamp));
        }
        run.work_done();
        let record = run.finish(Outcome::default());
        let kept: u64 = record.spans.iter().map(|span| span.tasks).sum();
        ensure!(kept == TASKS, "spans of {kept} tasks were kept");
        Ok(())
    }))
}

/// The same tasks, and nothing else.
///
/// # Errors
/// Never; as the others.
pub fn bare(rounds_per_ms: u64) -> Result<Side> {
    let rounds = rounds_per_ms / 100;
    Ok(Side::whole(move || {
        for seed in 0..TASKS {
            black_box(compute::hash(rounds, seed));
        }
        Ok(())
    }))
}
