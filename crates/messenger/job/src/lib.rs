//! Exchanging messages: what the job is, whichever way it is spread.
//!
//! The variants (`messenger-threads`, `messenger-processes`, and [`alone`] here) make two [`End`]s of a [`Way`], and
//! let one worker ask and the other one answer. What is timed is the same for all of them:
//!
//! ```text
//! Options ─> Plan ─> Talk ─┬─ ask ────> End ══ way ══ End <── answer ─┐
//!                          │  worker 0                      worker 1  │
//!                          └──────> Asked: times ──> Report <─ Told ──┘
//!                                                    stdout: table
//! ```
//!
//! Elsewhere a job holds no channel; here they *are* the job. Those that are the same code wherever the other worker
//! is stand in [`mechanisms`]; those that only threads or only processes have stand in the variants.
#![warn(missing_docs)]

pub mod alone;
mod end;
mod error;
mod interval;
pub mod mechanisms;
mod memory;
mod message;
mod options;
mod payload;
mod plan;
mod program;
mod report;
pub mod ring;
mod sys;
mod table;
mod talk;
mod way;

pub use end::{End, Next};
pub use error::TalkError;
pub use message::{Content, HEADER, Typed, copied, read_header, room, write_header};
pub use payload::Payload;
pub use plan::{Mode, Plan};
pub use program::{Spread, main, record};
pub use report::{Cell, MessengerRecord, Report};
pub use talk::{Asked, Talk, Told};
pub use way::{Alike, Alone, Way};
