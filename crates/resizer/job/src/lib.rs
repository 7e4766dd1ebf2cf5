//! Resizing pictures: what the job is, whichever way it is spread.
//!
//! The variants (`resizer-threads`, `resizer-processes`, and [`sequential`] here) only spread the
//! [`Tasks`] of a [`Batch`] over workers, let a [`PictureResizer`] answer each, and hand the [`Answer`]s to
//! the [`Report`] in the order of the tasks. All else is alike and stands here; what is done to the pixels
//! of a picture stands in `resizer-pixels`:
//!
//! ```text
//! Options ─> inputs ─> names ──> Task ──> PictureResizer ──────────────> Answer ──────> Report
//!            walk      one for            read, resizer_pixels, write    in order       stdout: lines
//!                      each               (in a worker)                                 stderr: errors, summary
//! ```
#![warn(missing_docs)]

mod batch;
mod caught;
mod contact_sheet;
mod digest;
mod error;
mod inputs;
mod lines;
mod misbehave;
mod names;
mod options;
mod out;
mod output;
mod picture_resizer;
mod program;
mod report;
mod sample;
mod save;
pub mod sequential;
mod source;
mod sys;
mod task;

pub use batch::{Batch, Work};
pub use digest::Digest;
pub use error::ResizeError;
pub use misbehave::{Misbehaviour, Misdeed};
pub use picture_resizer::PictureResizer;
pub use program::{Spread, main, record};
pub use report::Report;
pub use task::{Answer, Entry, Made, Picture, Task, Tasks};
