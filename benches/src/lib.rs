//! What is measured of procpool and of the harness, and what beside it.
//!
//! A [`Side`] is one of two or more ways to the same result, ready to be timed. A module holds the
//! sides that are compared with each other, so that both can be read at once. Criterion
//! (`benches/procpool.rs`) shows what each of them costs; the program `figures` runs them against
//! each other in blocks, and says whether the parts cost no more than they are meant to.
//!
//! Workers and bare children are this program once more: call [`serve`] first in `main`.
#![warn(missing_docs)]

mod bare;
pub mod bytes;
pub mod compute;
pub mod count;
pub mod no_op;
pub mod round_trip;
mod side;
pub mod spans;
pub mod spawn;
pub mod start;

pub use side::Side;

/// Processes or threads on each side, unless a module says otherwise.
pub const WORKERS: usize = 2;

/// Makes this process a worker or a bare child if it was started as one, and returns at once if it was
/// not. Call it at the start of `main`, before any thread is started.
pub fn serve() {
    bare::serve();
    procpool::serve::<no_op::NoOp>();
    procpool::serve::<bytes::SendBack>();
    procpool::serve::<compute::Compute>();
}
