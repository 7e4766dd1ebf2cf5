//! Counting alone: what all mechanisms are measured against.

use std::hint::black_box;

use anyhow::Result;
use harness::contestant::Stamp;

use crate::critical::work;
use crate::plan::Plan;
use crate::report::Report;
use crate::task::Counted;

/// Counts as planned, and reports it. Whatever the mechanism: one worker needs none.
///
/// # Errors
/// Never; as the others.
pub fn run(plan: &Plan, report: &mut Report) -> Result<()> {
    report.workers_ready();
    for &mechanism in &plan.mechanisms {
        let (total, stamp) = Stamp::of(|| match plan.rounds {
            0 => count(plan.increments(mechanism), || ()),
            rounds => count(plan.increments(mechanism), || work(rounds)),
        });
        let counted = Counted {
            stamp,
            cpu_ns: None,
        };
        report.take(plan, mechanism, total, &[counted], None);
    }
    report.work_done();
    Ok(())
}

fn count(times: u64, critical: impl Fn()) -> u64 {
    let mut count = 0;
    for _ in 0..times {
        critical();
        count += 1;
        // Or the compiler sees what comes of it, and leaves out the loop.
        black_box(());
    }
    count
}
