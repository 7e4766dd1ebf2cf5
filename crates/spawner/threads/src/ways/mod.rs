//! Ways to start a thread, a file each.

pub(crate) mod rayon_pool;
pub(crate) mod scoped_thread;
pub(crate) mod thread;
pub(crate) mod tokio_task;
