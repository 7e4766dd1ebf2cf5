//! What was found: figures by way and payload, in the order of the blocks.

use anyhow::{Context, Result, ensure};
use harness::record::Model;
use harness::stats::LEVEL;
use harness::stats::median::{MedianEstimate, bootstrap};
use messenger::Cell;

use crate::runs::{Cores, Measured};

/// What was found.
pub(crate) struct Found<'a> {
    pub(crate) runs: &'a Measured,
}

/// A way of one of the programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct By {
    pub(crate) model: Model,
    pub(crate) way: &'static str,
    pub(crate) cores: Cores,
}

impl By {
    /// A way of threads that have a core each.
    pub(crate) fn threads(way: &'static str) -> Self {
        Self {
            model: Model::Threads,
            way,
            cores: Cores::Other,
        }
    }

    /// A way of processes that have a core each.
    pub(crate) fn processes(way: &'static str) -> Self {
        Self {
            model: Model::Processes,
            ..Self::threads(way)
        }
    }

    /// The same on those cores.
    pub(crate) fn on(self, cores: Cores) -> Self {
        Self { cores, ..self }
    }

    /// `threads: mpsc`.
    pub(crate) fn name(self) -> String {
        format!("{}: {}", self.model.name(), self.way)
    }
}

/// What is told of a message.
pub(crate) type Figure = fn(&Cell) -> &[f64];

/// Nanoseconds of a round trip.
pub(crate) const ROUND_TRIP: Figure = |cell| &cell.round_trip_ns;
/// Nanoseconds that a stream takes for a message.
pub(crate) const STREAM: Figure = |cell| &cell.message_ns;

impl<'a> Found<'a> {
    pub(crate) fn new(runs: &'a Measured) -> Self {
        Self { runs }
    }

    /// All payloads that were measured with a core for each worker, in ascending order.
    pub(crate) fn payloads(&self) -> Vec<usize> {
        let of = self
            .runs
            .runs
            .iter()
            .filter(|run| run.cores == Cores::Other);
        let cells = of.flat_map(|run| &run.cells);
        let mut payloads: Vec<_> = cells.map(|cell| cell.payload as usize).collect();
        payloads.sort_unstable();
        payloads.dedup();
        payloads
    }

    /// Nanoseconds in each block.
    ///
    /// # Errors
    /// If there is not one figure for each block.
    pub(crate) fn times(&self, by: By, payload: usize, figure: Figure) -> Result<Vec<f64>> {
        let is_meant = |cell: &&Cell| cell.way == by.way && cell.payload == payload as u64;
        let mut times = Vec::new();
        for block in 1..=self.runs.blocks {
            let mut runs = self.runs.runs.iter();
            let run = runs
                .find(|run| run.block == block && run.model == by.model && run.cores == by.cores);
            let cell = run.and_then(|run| run.cells.iter().find(is_meant));
            let of_one = cell.map(figure);
            let time = of_one.and_then(|times| times.first());
            let missing = || format!("block {block} has no {} of {payload} bytes", by.name());
            times.push(*time.with_context(missing)?);
        }
        ensure!(
            times.iter().all(|time| *time > 0.0),
            "{} of {payload} bytes: a time is too short for the clock",
            by.name()
        );
        Ok(times)
    }

    /// The median over the blocks.
    pub(crate) fn median(&self, by: By, payload: usize, figure: Figure) -> Result<MedianEstimate> {
        let times = self.times(by, payload, figure)?;
        bootstrap(&times, LEVEL, self.runs.seed).context("there is no run")
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::runs::Run;

    /// Runs in which each way costs what `cost` says of model, way, payload and block.
    pub(crate) fn runs(
        ways: &[(Model, &str)],
        payloads: &[u64],
        cost: impl Fn(Model, &str, u64, u32) -> f64,
    ) -> Measured {
        let mut runs = Vec::new();
        for block in 1..=8 {
            for cores in [Cores::Other, Cores::Same] {
                for model in [Model::Threads, Model::Processes] {
                    let ways = ways.iter().filter(|(of, _)| *of == model);
                    let cells = ways.flat_map(|(_, way)| {
                        payloads.iter().map(|&payload| Cell {
                            way: (*way).to_owned(),
                            payload,
                            round_trip_ns: vec![cost(model, way, payload, block)],
                            message_ns: vec![],
                        })
                    });
                    runs.push(Run {
                        block,
                        model,
                        cores,
                        cells: cells.collect(),
                    });
                }
            }
        }
        Measured {
            blocks: 8,
            payload: "64B".to_owned(),
            seed: 1,
            machine: "a machine".to_owned(),
            runs,
        }
    }

    #[test]
    fn figures_are_found_in_the_order_of_the_blocks() {
        let ways = [(Model::Threads, "mpsc"), (Model::Processes, "mpsc")];
        let mut runs = runs(&ways, &[0, 64], |model, _, payload, block| {
            let far = if model == Model::Processes {
                1000.0
            } else {
                0.0
            };
            far + payload as f64 + f64::from(block)
        });
        runs.runs.reverse();
        let found = Found::new(&runs);
        assert_eq!(found.payloads(), [0, 64]);
        let times = found.times(By::processes("mpsc"), 64, ROUND_TRIP).unwrap();
        assert_eq!(times[..3], [1065.0, 1066.0, 1067.0]);
        let median = found.median(By::threads("mpsc"), 0, ROUND_TRIP).unwrap();
        assert_eq!((median.point, median.n), (4.5, 8));
        let missing = found.times(By::threads("mpsc"), 0, STREAM).unwrap_err();
        assert!(missing.to_string().contains("block 1 has no threads: mpsc"));
    }
}
