//! Several measurements beside each other: what the article says, what was measured, how sure it is.

mod chosen;
mod contents;
mod picture;
mod table;

use crate::measure::samples::Header;
use crate::report::findings::ScenarioFindings;

pub use contents::{Other, contents};
pub use picture::picture;
pub use table::overview;

/// A measurement, and where its page is.
#[derive(Clone, Copy, Debug)]
pub struct Measured<'a> {
    /// The name of its folder: `hasher`.
    pub name: &'a str,
    /// The link to its page, from where the overview stands; empty if it stands on that page.
    pub link: &'a str,
    /// How it was made.
    pub header: &'a Header,
    /// What it found.
    pub findings: &'a [ScenarioFindings],
}
