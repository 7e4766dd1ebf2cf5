//! The sequential program, by the battery that all variants pass.

const PROGRAM: &str = env!("CARGO_BIN_EXE_messenger");

mod battery;
