//! Tables and charts from samples. Pure: the same samples give the same bytes.
//!
//! [`analyse`] turns samples into findings (figures and verdicts, no text); everything else turns
//! findings into text: [`markdown`] a page, [`scenario_markdown`] the part of it that is [`splice`]d
//! into a README, [`terminal`] tables for people, [`csv`] and [`json`] tables for programs,
//! [`pictures`] the charts of a case, [`html`] a page that holds all of it, [`page`] one for code hosts, [`traces`]
//! timelines for viewers of trace events. [`overview`] is of several measurements beside each other. [`diff`] finds what changed between two measurements, [`changes`] says it.

mod blocks;
mod changes;
mod compare;
mod csv;
mod diff;
pub mod findings;
mod fit;
mod html;
mod json;
mod machine;
mod markdown;
mod medians;
mod memory;
mod notes;
pub mod numbers;
mod outcome;
mod overall;
pub mod overview;
mod page;
mod pictures;
mod provenance;
mod row;
mod scaling;
mod splice;
mod table;
mod terminal;
mod trace;
mod words;

pub use changes::changes;
pub use csv::csv;
pub use diff::{CaseDiff, Change, Diff, DiffError, Fact, diff};
pub use findings::{CaseFindings, ReportError, ScenarioFindings, analyse};
pub use html::html;
pub use json::json;
pub use machine::{CORES_WANTED, HELD_BACK_UP_TO, OTHERS_UP_TO, is_marked};
pub use markdown::{markdown, scenario_markdown};
pub use outcome::{Answer, OutcomeMismatch, check_counts, check_outcome};
pub use page::page;
pub use pictures::{Picture, pictures};
pub use splice::{SpliceError, splice};
pub use terminal::terminal;
pub use trace::traces;

#[cfg(test)]
mod tests;
