//! Measures programs that spread work over threads or processes, and says what it found.
//!
//! Two sides, and the [`record`] between them:
//!
//! - [`contestant`] is what a variant links: common options, the run record, the human summary.
//! - `measure` (feature `measure`) starts contestants as fresh processes, in randomised blocks;
//!   `stats` turns what it saw into estimates with intervals, and `report` into tables.
//!
//! The harness knows no scenario: what a job is stands in the scenario's own packages.
#![warn(missing_docs)]

#[cfg(feature = "measure")]
pub mod chart;
pub mod contestant;
#[cfg(feature = "measure")]
pub mod measure;
pub mod record;
#[cfg(feature = "measure")]
pub mod report;
#[cfg(feature = "measure")]
pub mod stats;
mod sys;
