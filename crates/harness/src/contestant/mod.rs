//! The side that a variant links: common options, the run record, progress, the human summary.
//!
//! ```text
//! Run::begin ── workers start ── workers_ready ── tasks ── work_done ── workers end ── finish
//!     │             startup            │           work        │       shutdown        │
//! ```
//!
//! Tasks are timed where they are done, by [`Stamp::of`], and the stamps come back with the results:
//! that works alike for threads and for processes, and a worker needs nobody else to know what it did.

mod in_order;
mod interrupt;
mod options;
mod progress;
mod run;
mod say;
mod spans;
mod stamp;
mod summary;
mod timeline;
mod units;

pub use in_order::InOrder;
pub use interrupt::{INTERRUPTED, on_interrupt, remove_on_interrupt, wait_if_interrupted, watch};
pub use options::{CommonOptions, available_workers};
pub use progress::Progress;
pub use run::{Identity, Run};
pub use stamp::{Stamp, now_ns};
pub use summary::{Noun, Summary};
pub use timeline::terminal_width;
pub use units::{bytes, duration};
