//! Ways for a message that only threads have.

pub mod arc;
pub mod crossbeam;
pub mod moved;
pub mod mpsc;
pub mod tokio;
