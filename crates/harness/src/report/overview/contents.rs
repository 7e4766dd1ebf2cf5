//! The page of a folder of result folders.

use super::table::overview;
use super::{Measured, picture};
use crate::measure::results::PAGE_MARK;
use crate::report::markdown::text;
use crate::report::provenance;

/// A folder of results that were not made by `versus`, so that nothing is known of them but their files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its name.
    pub name: String,
    /// The names of its files, in order.
    pub files: Vec<String>,
}

/// The overview, and what there is. The picture is `chart`, a file beside the page.
pub fn contents(measured: &[Measured], others: &[Other], chart: &str) -> String {
    let mut page = format!("{PAGE_MARK}\n# Results\n\n");
    if let Some(picture) = picture(measured) {
        page.push_str(&format!("![{}]({chart})\n\n", text(picture.finding())));
    }
    page.push_str(&overview(measured));
    page.push_str("\n## Measurements\n\n");
    page.extend(measured.iter().map(measurement));
    if !others.is_empty() {
        page.push_str("\n## Made by other programs\n\n");
        page.push_str("The README of the scenario says how, and what they show.\n\n");
        page.extend(others.iter().map(other));
    }
    page
}

fn measurement(one: &Measured) -> String {
    let questions: Vec<_> = one
        .findings
        .iter()
        .map(|scenario| text(&scenario.question))
        .collect();
    format!(
        "- [{}]({}): {} {}\n",
        text(one.name),
        one.link,
        questions.join(" "),
        text(&provenance::short(one.header))
    )
}

fn other(one: &Other) -> String {
    let files = one
        .files
        .iter()
        .map(|file| format!("[{}]({}/{file})", text(file), one.name));
    let files: Vec<_> = files.collect();
    format!("- {}: {}\n", text(&one.name), files.join(", "))
}
