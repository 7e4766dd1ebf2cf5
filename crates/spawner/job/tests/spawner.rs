//! The program that starts no worker, by the battery that all variants pass.
#![cfg(unix)]

const PROGRAM: &str = env!("CARGO_BIN_EXE_spawner");

mod battery;
