//! How many workers can live at once, and what each of them takes.

use std::thread;
use std::time::Duration;

use anyhow::Result;
use harness::contestant::Stamp;
use harness::measure::memory::{TreeMemory, kernel_stacks, of_tree};
use serde::{Deserialize, Serialize};

use crate::report::Report;
use crate::started::{Started, Starter};
use crate::way::Way;

const PAUSE: Duration = Duration::from_millis(200);

/// How far one came with a way.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Limit {
    /// The way.
    pub way: String,
    /// How many lived at once, all ready and waiting.
    pub alive: u32,
    /// How many were asked for.
    pub most: u32,
    /// Why there were no more; absent where all came that were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// What each of them took; absent where the system does not tell, or none came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub each: Option<Each>,
}

/// What a worker takes, in bytes: what all take together, over their number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Each {
    /// Memory in use, what is shared divided among those who share it.
    pub pss_bytes: u64,
    /// Page tables, which the system keeps for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_tables_bytes: Option<u64>,
    /// Its stack within the system. From a figure of the whole machine, so others who start something disturb it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_stack_bytes: Option<u64>,
}

/// Starts up to `most` workers by `way`, and lets them live at once.
///
/// # Errors
/// If they cannot be met or waited for. That the system gives no more is an answer.
pub(crate) fn find(way: Way, most: u32, starter: Starter, report: &mut Report) -> Result<Limit> {
    // What has ended before is given back a little later.
    thread::sleep(PAUSE);
    let before = Look::now();
    let mut attempt = |most| attempt(way, most, &before, (starter, &mut *report));
    if way.comes_whole() {
        largest(way, most, attempt)
    } else {
        attempt(most)
    }
}

/// The largest that comes whole, up to `most`: twice as many each time, and where that is refused, in between, to within
/// 1 %. Not from above: what a program has tried to get and has not got may be kept from it by its own allocator.
fn largest(way: Way, most: u32, mut attempt: impl FnMut(u32) -> Result<Limit>) -> Result<Limit> {
    let mut best = Limit {
        way: way.name().to_owned(),
        alive: 0,
        most,
        stopped: None,
        each: None,
    };
    let mut refused: Option<(u32, Option<String>)> = None;
    loop {
        let next = match &refused {
            None => best.alive.saturating_mul(2).clamp(1, most),
            Some((refused, _)) => u32::midpoint(best.alive, *refused),
        };
        let found = attempt(next)?;
        if found.alive == next {
            best = found;
        } else {
            refused = Some((next, found.stopped));
        }
        let least = refused.as_ref().map_or(most, |(least, _)| *least);
        let is_near = least - best.alive <= (best.alive / 100).max(1);
        if best.alive == most || (refused.is_some() && is_near) {
            best.most = most;
            best.stopped = refused.and_then(|(_, cause)| cause);
            return Ok(best);
        }
    }
}

fn attempt(
    way: Way,
    most: u32,
    before: &Look,
    (starter, report): (Starter, &mut Report),
) -> Result<Limit> {
    let mut after = None;
    let mut look = |_| {
        after = Some(Look::now());
        Ok(())
    };
    let (started, stamp) = Stamp::of(|| (starter.start)(way, most, &mut look));
    let Started { alive, refused, .. } = started?;
    report.started(alive, stamp);
    let each = after
        .filter(|_| alive > 0)
        .and_then(|after| after.each(before, alive));
    Ok(Limit {
        way: way.name().to_owned(),
        alive,
        most,
        stopped: refused,
        each,
    })
}

/// What is in use at one moment.
struct Look {
    tree: Option<TreeMemory>,
    kernel_stacks: Option<u64>,
}

impl Look {
    fn now() -> Self {
        Self {
            kernel_stacks: kernel_stacks(),
            tree: of_tree(std::process::id()),
        }
    }

    /// What has been added since `before`, for each of `workers`.
    fn each(&self, before: &Self, workers: u32) -> Option<Each> {
        let added = |now: u64, then: u64| now.saturating_sub(then) / u64::from(workers);
        let both = |pair: Option<(u64, u64)>| pair.map(|(now, then)| added(now, then));
        let (now, then) = self.tree.zip(before.tree)?;
        Some(Each {
            pss_bytes: added(now.pss_bytes, then.pss_bytes),
            page_tables_bytes: both(now.page_tables_bytes.zip(then.page_tables_bytes)),
            kernel_stack_bytes: both(self.kernel_stacks.zip(before.kernel_stacks)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::test_report;
    use crate::started::{Alive, Stopwatch};

    /// A system that gives 700 workers, all or none.
    fn start(_: Way, workers: u32, alive: Alive<'_>) -> Result<Started> {
        let mut watch = Stopwatch::ask();
        if workers > 700 {
            return watch.none_came(&"too many");
        }
        watch.ready(workers, 0, alive);
        watch.let_go();
        watch.gone()
    }

    #[test]
    fn what_comes_whole_is_searched_for() {
        let starter = Starter {
            start,
            pair: crate::sequential::pair,
        };
        let found = find(Way::RayonPool, 5000, starter, &mut test_report()).unwrap();
        assert!((693..=700).contains(&found.alive), "{found:?}");
        assert_eq!(
            (found.most, found.stopped.as_deref()),
            (5000, Some("too many"))
        );
        let found = find(Way::RayonPool, 600, starter, &mut test_report()).unwrap();
        assert_eq!((found.alive, found.stopped), (600, None));
    }
}
