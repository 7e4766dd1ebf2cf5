//! What has become of tasks, before anyone has decoded it.

use std::sync::Arc;
use std::time::Duration;

use crate::Job;
use crate::error::{Cause, Death, PoolError};
use crate::wire::codec;
use crate::wire::outputs::{Cut, Outputs, Status};

/// What has become of one or several consecutive tasks.
pub(crate) enum Done {
    Outputs(Outputs),
    /// Nothing, for a reason that is the same for all of them.
    Lost {
        count: u64,
        loss: Loss,
    },
}

/// Why there are no outputs.
#[derive(Clone)]
pub(crate) enum Loss {
    /// The last worker that tried the task died.
    Dead {
        death: Death,
        attempts: u32,
    },
    TimedOut {
        pid: u32,
        limit: Duration,
    },
    Cancelled,
    /// Nobody is left to do it.
    NoWorker(Arc<PoolError>),
    TaskNotEncoded(String),
}

impl Done {
    pub(crate) fn lost(loss: Loss) -> Done {
        Done::Lost { count: 1, loss }
    }

    /// Tasks whose results are still to be taken.
    pub(crate) fn left(&self) -> u64 {
        match self {
            Done::Outputs(outputs) => outputs.left(),
            Done::Lost { count, .. } => *count,
        }
    }

    /// The first of several, by itself.
    pub(crate) fn split_first(&mut self) -> Option<Done> {
        match self {
            Done::Outputs(outputs) => outputs.split_first().map(Done::Outputs),
            Done::Lost { count, loss } => {
                *count = count.checked_sub(1)?;
                Some(Done::lost(loss.clone()))
            }
        }
    }

    /// The next result, decoded; `None` if there is none left.
    #[inline]
    pub(crate) fn next<J: Job>(&mut self) -> Option<Result<J::Output, Cause<J::Error>>> {
        match self {
            Done::Outputs(outputs) => {
                let output = outputs.next()?;
                let cut = |Cut| Cause::OutputNotDecoded("the worker's message is cut".to_owned());
                Some(
                    output
                        .map_err(cut)
                        .and_then(|(status, bytes)| decode::<J>(status, bytes)),
                )
            }
            Done::Lost { count, loss } => {
                *count = count.checked_sub(1)?;
                Some(Err(loss.cause()))
            }
        }
    }
}

impl Loss {
    fn cause<E: std::error::Error>(&self) -> Cause<E> {
        match self.clone() {
            Loss::Dead { death, attempts: 1 } => Cause::WorkerDied(death),
            Loss::Dead { death, attempts } => Cause::GivenUp {
                attempts,
                last: death,
            },
            Loss::TimedOut { pid, limit } => Cause::TimedOut { pid, limit },
            Loss::Cancelled => Cause::Cancelled,
            Loss::NoWorker(error) => Cause::NoWorker(error),
            Loss::TaskNotEncoded(cause) => Cause::TaskNotEncoded(cause),
        }
    }
}

#[inline]
fn decode<J: Job>(status: Status, bytes: &[u8]) -> Result<J::Output, Cause<J::Error>> {
    let text = || codec::decode(bytes).unwrap_or_default();
    match status {
        Status::Done => codec::decode(bytes).map_err(Cause::OutputNotDecoded),
        Status::Failed => {
            Err(codec::decode(bytes).map_or_else(Cause::OutputNotDecoded, Cause::Job))
        }
        Status::Panicked => {
            let (message, location, backtrace) = codec::decode(bytes).unwrap_or_default();
            Err(Cause::Panicked {
                message,
                location,
                backtrace,
            })
        }
        Status::TaskNotDecoded => Err(Cause::TaskNotDecoded(text())),
        Status::OutputNotEncoded => Err(Cause::OutputNotEncoded(text())),
    }
}
