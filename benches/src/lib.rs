//! What is measured of the scenarios, of procpool and of the harness, and what beside it.
//!
//! A [`Side`] is one of two or more ways to the same result, ready to be timed. A module holds the
//! sides that are compared with each other, so that both can be read at once. Criterion
//! (`benches/suite.rs`) shows what each of the [`groups`] costs, those of the scenarios first; the program
//! `figures` runs some against each other in blocks, and says whether the parts cost no more than they are meant to.
//!
//! Workers and bare children are this program once more: call [`serve`] first in `main`.
#![warn(missing_docs)]

mod bare;
pub mod bytes;
pub mod compute;
pub mod count;
mod group;
pub mod no_op;
pub mod round_trip;
mod scenarios;
mod side;
pub mod spans;
pub mod spawn;
pub mod start;
pub mod suite;

pub use group::{Group, Make, groups};
pub use side::Side;

/// Processes or threads on each side, unless a module says otherwise.
pub const WORKERS: usize = 2;

/// Makes this process a worker or a bare child if it was started as one, and returns at once if it was
/// not. Call it at the start of `main`, before any thread is started.
pub fn serve() {
    bare::serve();
    scenarios::serve();
    procpool::serve::<no_op::NoOp>();
    procpool::serve::<bytes::SendBack>();
    procpool::serve::<compute::Compute>();
}
