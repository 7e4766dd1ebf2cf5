//! Ways to count together for which threads have something of their own.

pub mod channel;
pub mod mutex;
pub mod own_copy;
pub mod rwlock;
