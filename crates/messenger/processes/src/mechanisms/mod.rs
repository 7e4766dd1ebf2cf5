//! Ways for a message that only processes have.

pub mod ipc_bytes;
pub mod ipc_typed;
pub mod meeting;
