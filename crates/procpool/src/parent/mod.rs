//! The parent's side: the queue, and for each worker a lane with a thread of its own.

pub(crate) mod batch;
mod burial;
pub(crate) mod done;
pub(crate) mod lane;
pub(crate) mod life;
mod queue;
pub(crate) mod shared;
pub(crate) mod sink;
mod sizer;
pub(crate) mod slot;
mod streak;
pub(crate) mod turn;
pub(crate) mod watch;

pub(crate) use sizer::MAX_BYTES;
