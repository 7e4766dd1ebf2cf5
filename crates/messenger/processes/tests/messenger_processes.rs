//! The variant with processes, by the battery that all variants pass.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_messenger-processes");

#[path = "../../job/tests/battery/mod.rs"]
mod battery;
