//! The variant with threads, by the battery that all variants pass.

const PROGRAM: &str = env!("CARGO_BIN_EXE_messenger-threads");

#[path = "../../job/tests/battery/mod.rs"]
mod battery;
