//! Starting workers: what the job is, whichever way they are started.
//!
//! The variants (`spawner-threads`, `spawner-processes`, and [`sequential`] here) start [`Way`] by way what they are
//! asked for, and say when it was ready and when it was gone. What is asked of them is here:
//!
//! ```text
//!            ┌ costs       so many workers, again and again, in shuffled blocks ── beside a large parent too
//! Options ───┤ limit       as many as the system gives, and the memory of each      ┌ stdout: tables
//!            └ break_even  two tasks of every length, by each way and in place ─────┤ --draw: a picture
//!                 │                                                        Report ──┴ --json: the record
//!                 └─ asks ─> Starter of the variant: start, pair
//! ```
#![warn(missing_docs)]

mod ballast;
mod break_even;
mod costs;
mod each;
mod figure;
mod limit;
mod options;
mod order;
mod picture;
mod program;
mod report;
pub mod sequential;
mod started;
mod table;
mod traces;
mod way;
pub mod work;

pub use break_even::{BreakEven, CostAt, Place};
pub use costs::StartCost;
pub use each::Each;
pub use figure::Figure;
pub use limit::Limit;
pub use program::{Variant, main, record};
pub use report::SpawnerRecord;
pub use started::{Alive, Pair, Started, Starter, Stopwatch};
pub use traces::Traces;
pub use way::Way;
