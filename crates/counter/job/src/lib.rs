//! Counting together: what the job is, whichever way it is spread.
//!
//! The variants (`counter-threads`, `counter-processes`, and [`sequential`] here) let [`Task`]s be done by workers
//! that all wait at a [`Gate`](gate::Gate), and hand what was counted to the [`Report`]:
//!
//! ```text
//! Options ─> Plan ─> Task, one a worker ─> gate ─> mechanism ─> Counted ─> Report
//!                                                     │                    stdout: table
//!                                                   Memory                 stderr: notes, summary
//!                                          on the heap, or mapped
//! ```
//!
//! Elsewhere a job holds no lock; here locks *are* the job. Those that are the same code wherever the memory lies
//! stand in [`mechanisms`]; those for which a model has something of its own stand in the variants.
#![warn(missing_docs)]

pub mod critical;
pub mod death;
pub mod gate;
mod mechanism;
pub mod mechanisms;
mod memory;
mod options;
mod plan;
mod program;
mod report;
pub mod sequential;
mod shared_file;
mod sync;
mod sys;
mod table;
mod task;

pub use mechanism::{Alike, Mechanism};
pub use memory::{MOST_WORKERS, Memory};
pub use plan::Plan;
pub use program::{Die, Spread, Variant, main, record};
pub use report::{Count, CounterRecord, Report};
pub use shared_file::SharedFile;
pub use task::{Counted, Task, TaskError, all};
