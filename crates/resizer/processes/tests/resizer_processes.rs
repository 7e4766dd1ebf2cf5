//! The battery of all variants, for processes.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_resizer-processes");

#[path = "../../job/tests/battery/mod.rs"]
mod battery;
