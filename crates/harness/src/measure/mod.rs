//! The measuring side: starts contestants in randomised blocks and keeps what they did.
//!
//! ```text
//! scenario.toml ── scenario ──┐
//! seed ─────────── plan ──────┼── runner: one run, one Sample ── samples ── results
//! /proc, git ───── environment┘       machine: around every block
//! ```
//!
//! What runs when stands in [`plan`], how one run is made and timed in [`runner`]. The loop over the
//! plan is the caller's, so that it can draw its progress between runs and stop there.

pub mod environment;
pub mod machine;
pub mod memory;
pub mod plan;
pub mod results;
pub mod runner;
pub mod samples;
pub mod scenario;
pub mod whole;
