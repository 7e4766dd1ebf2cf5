//! How many workers can live at once, and what each of them takes.

use std::thread;
use std::time::Duration;

use anyhow::Result;
use harness::contestant::Stamp;
use serde::{Deserialize, Serialize};

use crate::each::{Each, Look, Taken};
use crate::figure::LEAST_BLOCKS;
use crate::order::Order;
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

/// Starts up to `most` workers by each of `ways`, and lets them live at once. As many as came are started again in
/// blocks, in an order that `seed` decides, to see what each takes.
///
/// # Errors
/// If they cannot be met or waited for. That the system gives no more is an answer.
pub(crate) fn measure(
    ways: &[Way],
    (most, seed): (u32, u64),
    starter: Starter,
    report: &mut Report,
) -> Result<Vec<Limit>> {
    let found = ways.iter().map(|&way| find(way, most, starter, report));
    let mut limits = found.collect::<Result<Vec<_>>>()?;
    let mut taken = vec![Vec::new(); ways.len()];
    let came: Vec<usize> = (0..ways.len()).filter(|&at| limits[at].alive > 0).collect();
    let mut order = Order::new(seed);
    for _ in 0..LEAST_BLOCKS {
        for at in order.block(&came) {
            taken[at].extend(look(ways[at], limits[at].alive, starter, report)?);
        }
    }
    for (limit, taken) in limits.iter_mut().zip(&taken) {
        limit.each = Each::of(taken);
    }
    Ok(limits)
}

fn find(way: Way, most: u32, starter: Starter, report: &mut Report) -> Result<Limit> {
    let mut attempt = |most| attempt(way, most, starter, report);
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

fn attempt(way: Way, most: u32, starter: Starter, report: &mut Report) -> Result<Limit> {
    let (started, stamp) = Stamp::of(|| (starter.start)(way, most, &mut |_| Ok(())));
    let Started { alive, refused, .. } = started?;
    report.started(alive, stamp);
    Ok(Limit {
        way: way.name().to_owned(),
        alive,
        most,
        stopped: refused,
        each: None,
    })
}

/// What each of some workers takes while all of them live; none where the system does not tell.
fn look(way: Way, workers: u32, starter: Starter, report: &mut Report) -> Result<Option<Taken>> {
    // What has ended before is given back a little later.
    thread::sleep(PAUSE);
    let (before, mut after) = (Look::now(), None);
    let mut look = |_| {
        after = Some(Look::now());
        Ok(())
    };
    let (started, stamp) = Stamp::of(|| (starter.start)(way, workers, &mut look));
    let alive = started?.alive;
    report.started(alive, stamp);
    Ok(after
        .filter(|_| alive > 0)
        .and_then(|after| after.each(&before, alive)))
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
        let find = |most| {
            let ways = [Way::RayonPool];
            let found = measure(&ways, (most, 1), starter, &mut test_report());
            found.unwrap().remove(0)
        };
        let found = find(5000);
        assert!((693..=700).contains(&found.alive), "{found:?}");
        assert_eq!(
            (found.most, found.stopped.as_deref()),
            (5000, Some("too many"))
        );
        let found = find(600);
        assert_eq!((found.alive, found.stopped), (600, None));
    }
}
