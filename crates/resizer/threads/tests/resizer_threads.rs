//! The battery of all variants, for threads.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_resizer-threads");

#[path = "../../job/tests/battery/mod.rs"]
mod battery;
