//! Drives the real program on made-up workspaces whose contestants are shell scripts.
#![cfg(unix)]

mod browser;
mod build;
mod commands;
mod diff;
mod failing;
mod failures;
mod interrupt;
mod report;
mod run;
mod service;
mod workspace;
