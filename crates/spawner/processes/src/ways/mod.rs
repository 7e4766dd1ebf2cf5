//! Ways to start a process, a file each.

pub(crate) mod fork;
pub(crate) mod procpool;
pub(crate) mod spawn;
