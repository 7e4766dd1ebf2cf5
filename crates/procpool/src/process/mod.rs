//! Worker processes as the parent sees them: how one is started, met, heard and ended.

mod arrival;
pub(crate) mod child;
pub(crate) mod gate;
pub(crate) mod link;
pub(crate) mod sockets;
mod tail;
