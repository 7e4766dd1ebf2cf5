//! What each process gets of a download.

use downloader::{COUNTED, Download, Task};

/// More processes than this cost memory and start-up, and wait no better.
const MOST_PROCESSES: u32 = 8;
/// Fewer than this, once there are more workers, would not show what processes do.
const LEAST_PROCESSES: u32 = 4;
/// A bundle takes at most so many rounds of pages: enough that its end, when some workers of its process have
/// nothing left to do, is a small part of it, and few enough that results come and a death costs little.
const ROUNDS: usize = 20;

/// What each process gets: limits that hold for all together are divided, because no process knows what the
/// others do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Shares {
    pub(crate) processes: u32,
    pub(crate) at_once: u16,
    pub(crate) per_host: Option<u32>,
    bundle: usize,
}

impl Shares {
    pub(crate) fn of(download: &Download) -> Self {
        Self::new(download.workers.get(), download.per_host, download.count)
    }

    /// As many processes as use up the workers best; no more than pages of one host may be fetched at once, as
    /// each could be at one of them.
    fn new(workers: u32, per_host: Option<u32>, count: Option<usize>) -> Self {
        let most = MOST_PROCESSES
            .min(workers)
            .min(per_host.unwrap_or(u32::MAX));
        let least = LEAST_PROCESSES.min(most);
        let processes = (least..=most)
            .max_by_key(|processes| (processes * (workers / processes), *processes))
            .unwrap_or(1);
        let at_once = workers / processes;
        Self {
            processes,
            at_once: u16::try_from(at_once).unwrap_or(u16::MAX),
            per_host: per_host.map(|limit| limit / processes),
            bundle: bundle(processes as usize, at_once as usize, count),
        }
    }

    /// `tasks` in bundles.
    pub(crate) fn bundles(
        self,
        mut tasks: impl Iterator<Item = Task>,
    ) -> impl Iterator<Item = Vec<Task>> {
        std::iter::from_fn(move || {
            let bundle: Vec<_> = tasks.by_ref().take(self.bundle).collect();
            (!bundle.is_empty()).then_some(bundle)
        })
    }
}

/// How many tasks make a bundle: the same number of bundles for each process, if the tasks are counted; and
/// else whole rounds, but so few that there is a bundle for each process.
fn bundle(processes: usize, at_once: usize, count: Option<usize>) -> usize {
    let most = at_once * ROUNDS;
    let Some(count) = count else {
        let rounds = (COUNTED / processes / at_once).clamp(1, ROUNDS);
        return at_once * rounds;
    };
    let bundles_a_process = count.div_ceil(processes).div_ceil(most).max(1);
    count.div_ceil(processes * bundles_a_process).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(workers: u32, per_host: Option<u32>, count: usize) -> (u32, u16, Option<u32>, usize) {
        let shares = Shares::new(workers, per_host, Some(count));
        (
            shares.processes,
            shares.at_once,
            shares.per_host,
            shares.bundle,
        )
    }

    #[test]
    fn few_workers_are_a_process_each() {
        assert_eq!(shares(1, None, 5), (1, 1, None, 5));
        assert_eq!(shares(5, None, 5), (5, 1, None, 1));
        assert_eq!(shares(8, None, 200), (8, 1, None, 13));
    }

    #[test]
    fn more_workers_share_processes_and_few_are_lost() {
        assert_eq!(shares(50, None, 2_000), (5, 10, None, 200));
        assert_eq!(shares(64, None, 1_000), (8, 8, None, 125));
        for workers in 1..=1_024 {
            let (processes, at_once, _, _) = shares(workers, None, 1);
            let used = processes * u32::from(at_once);
            assert!(used <= workers && workers - used <= 3, "{workers}: {used}");
            assert!(used * 9 >= workers * 8, "{workers}: {used}");
        }
    }

    #[test]
    fn all_together_keep_to_the_limit_of_a_host() {
        for limit in 1..=100 {
            let (processes, _, share, _) = shares(50, Some(limit), 1);
            let share = share.unwrap();
            assert!(share >= 1 && share * processes <= limit, "{limit}");
        }
    }

    #[test]
    fn a_long_list_is_not_counted() {
        assert_eq!(Shares::new(8, None, None).bundle, ROUNDS);
        for workers in 1..=1_024 {
            let shares = Shares::new(workers, None, None);
            let needed = shares.bundle * shares.processes as usize;
            assert!(needed <= COUNTED, "{workers}: {needed}");
            assert_eq!(shares.bundle % shares.at_once as usize, 0);
        }
    }
}
