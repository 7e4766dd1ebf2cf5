//! The battery of all variants, for the one that does everything in one worker.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_resizer");

mod battery;
