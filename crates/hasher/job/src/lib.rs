//! Hashing files: what the job is, whichever way it is spread.
//!
//! The variants (`hasher-threads`, `hasher-processes`, and [`sequential`] here) only spread
//! [`Tasks`] over workers, let a [`FileHasher`] answer each, and hand the [`Answer`]s to the [`Report`]
//! in the order of the tasks. All else is alike and stands here:
//!
//! ```text
//! Options ─> tasks ─────────> Task ──> FileHasher ──> Answer ──────> Report
//!            inputs (walk)            (in a worker)    in order      stdout: lines
//!            checklist (--check)                                     stderr: errors, summary
//! ```
#![warn(missing_docs)]

mod checklist;
mod digest;
mod error;
mod file_hasher;
mod inputs;
mod lines;
mod options;
mod output;
mod program;
mod report;
mod sample;
pub mod sequential;
mod sys;
mod task;

pub use digest::Digest;
pub use error::HashError;
pub use file_hasher::FileHasher;
pub use program::{Spread, main, record};
pub use report::Report;
pub use task::{Answer, Entry, Hashed, Item, ListEnd, PassedOver, Task, Tasks};
