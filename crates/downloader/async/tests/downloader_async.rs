//! The battery of all variants, for async.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_downloader-async");

#[path = "../../job/tests/battery/mod.rs"]
mod battery;
