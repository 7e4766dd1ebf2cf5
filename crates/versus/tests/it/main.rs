//! Drives the real program on made-up workspaces whose contestants are shell scripts.
#![cfg(unix)]

mod browser;
mod build;
mod commands;
mod committed;
mod diff;
mod failing;
mod failures;
mod interrupt;
mod pages;
mod references;
mod report;
mod run;
mod service;
mod workspace;
