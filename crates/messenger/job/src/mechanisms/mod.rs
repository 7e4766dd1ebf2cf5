//! Ways that are the same code between threads and between processes: they take memory, or files, and cannot tell
//! where the other worker is. The others stand in the variants.

#[cfg(unix)]
pub mod byte_stream;
pub mod copied;
pub mod in_place;
