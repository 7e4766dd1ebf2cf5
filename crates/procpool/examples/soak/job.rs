//! The job: tasks of several kinds, each of which has one right answer.

use std::time::{Duration, Instant};
use std::{panic, thread};

use procpool::{Bytes, Cause, Job, TaskError, advance, serve};
use serde::{Deserialize, Serialize};

use super::random::Random;

pub(crate) const KINDS: [&str; 6] = ["echo", "spin", "sleep", "bytes", "error", "panic"];
const MOST_BYTES: u64 = 3 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Kind {
    Echo,
    /// Busy for so long.
    Spin(Duration),
    Sleep(Duration),
    /// So many bytes to the worker and back.
    Bytes {
        there: usize,
        back: usize,
    },
    Error,
    Panic,
}

/// What a task is, without its bytes. The number is its own in the whole soak.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Order {
    pub(crate) number: u64,
    pub(crate) kind: Kind,
}

#[derive(Serialize, Deserialize)]
pub(crate) struct Task {
    order: Order,
    bytes: Bytes,
}

#[derive(Debug, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub(crate) enum Failed {
    #[error("task {0} is to fail")]
    AsOrdered(u64),
    #[error("the bytes of task {0} are not what was sent")]
    Garbled(u64),
}

pub(crate) type Outcome = Result<(u64, Bytes), TaskError<Soak>>;

pub(crate) struct Soak;

impl Job for Soak {
    const NAME: &'static str = "soak";
    type Setup = ();
    type Task = Task;
    type Output = (u64, Bytes);
    type Error = Failed;

    fn new((): ()) -> Result<Self, Failed> {
        Ok(Soak)
    }

    fn run(&mut self, Task { order, bytes }: Task) -> Result<(u64, Bytes), Failed> {
        let number = order.number;
        advance(1);
        match order.kind {
            Kind::Echo => {}
            Kind::Spin(time) => {
                let start = Instant::now();
                while start.elapsed() < time {}
            }
            Kind::Sleep(time) => thread::sleep(time),
            Kind::Bytes { there, .. } if bytes != pattern(number, there) => {
                return Err(Failed::Garbled(number));
            }
            Kind::Bytes { back, .. } => return Ok((number, pattern(!number, back))),
            Kind::Error => return Err(Failed::AsOrdered(number)),
            Kind::Panic => panic!("{}", words(number)),
        }
        Ok((number, Bytes::default()))
    }
}

/// To be called first in `main`. Panics of tasks are the plan, and are not printed.
pub(crate) fn serve_quietly() {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        if !info.payload_as_str().is_some_and(is_planned) {
            usual(info);
        }
    }));
    serve::<Soak>();
    let _ = panic::take_hook(); // Not a worker for this job: as it was.
}

fn words(number: u64) -> String {
    format!("planned panic of task {number}")
}

fn is_planned(message: &str) -> bool {
    message.starts_with("planned panic")
}

impl Order {
    /// Makes up a task of a kind that is drawn with these weights, in the order of [`KINDS`].
    pub(crate) fn draw(random: &mut Random, number: u64, weights: [u64; 6]) -> Order {
        let mut left = random.below(weights.iter().sum());
        let chosen = weights.iter().position(|&weight| {
            let here = left < weight;
            left = left.saturating_sub(weight);
            here
        });
        let kind = match chosen.unwrap_or(0) {
            1 => Kind::Spin(time(random)),
            2 => Kind::Sleep(time(random)),
            3 => Kind::Bytes {
                there: size(random),
                back: size(random),
            },
            4 => Kind::Error,
            5 => Kind::Panic,
            _ => Kind::Echo,
        };
        Order { number, kind }
    }

    pub(crate) fn task(self) -> Task {
        let bytes = match self.kind {
            Kind::Bytes { there, .. } => pattern(self.number, there),
            _ => Bytes::default(),
        };
        Task { order: self, bytes }
    }

    /// The kind's place in [`KINDS`].
    pub(crate) fn kind(self) -> usize {
        match self.kind {
            Kind::Echo => 0,
            Kind::Spin(_) => 1,
            Kind::Sleep(_) => 2,
            Kind::Bytes { .. } => 3,
            Kind::Error => 4,
            Kind::Panic => 5,
        }
    }

    /// Is this what must come of it, at this place among its like?
    pub(crate) fn is_answered_by(self, index: u64, outcome: &Outcome) -> bool {
        match outcome {
            Ok((number, bytes)) => *number == self.number && Some(bytes) == self.answer().as_ref(),
            Err(error) => self.is_given_back(index, error) && self.explains(&error.cause),
        }
    }

    /// Is this how it ends if somebody cancels it in time?
    pub(crate) fn is_cancelled_by(self, index: u64, outcome: &Outcome) -> bool {
        outcome.as_ref().is_err_and(|error| {
            self.is_given_back(index, error) && matches!(error.cause, Cause::Cancelled)
        })
    }

    fn answer(self) -> Option<Bytes> {
        match self.kind {
            Kind::Error | Kind::Panic => None,
            Kind::Bytes { back, .. } => Some(pattern(!self.number, back)),
            _ => Some(Bytes::default()),
        }
    }

    fn is_given_back(self, index: u64, error: &TaskError<Soak>) -> bool {
        error.index == index && error.task.order == self
    }

    fn explains(self, cause: &Cause<Failed>) -> bool {
        match (self.kind, cause) {
            (Kind::Error, Cause::Job(failed)) => *failed == Failed::AsOrdered(self.number),
            (
                Kind::Panic,
                Cause::Panicked {
                    message,
                    location,
                    backtrace,
                },
            ) => *message == words(self.number) && location.is_some() && backtrace.is_some(),
            _ => false,
        }
    }
}

/// Mostly short; some longer than the 10 and the 50 ms from where on the pool treats tasks as long.
fn time(random: &mut Random) -> Duration {
    let end = if random.one_in(40) { 80_000 } else { 8000 };
    Duration::from_micros(random.of_any_size(end))
}

/// Mostly small; some larger than what fits into a message.
fn size(random: &mut Random) -> usize {
    let size = match random.below(4) {
        0 => random.below(MOST_BYTES + 1),
        1 => random.below(200_000),
        _ => random.of_any_size(70_000),
    };
    size as usize
}

/// Bytes that say where they belong: no two tasks, and no two places in one, have the same.
fn pattern(number: u64, length: usize) -> Bytes {
    let mut bytes = vec![0; length];
    for (at, word) in bytes.chunks_mut(8).enumerate() {
        let value = number
            .wrapping_add(at as u64)
            .wrapping_mul(0x9e37_79b9_7f4a_7c15);
        word.copy_from_slice(&value.to_le_bytes()[..word.len()]);
    }
    Bytes::from(bytes)
}
