//! The variant with threads, by the battery that all variants pass.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_spawner-threads");

#[path = "../../job/tests/battery/mod.rs"]
mod battery;
