//! Generated text put into documents that people write.

use std::fs;
use std::path::Path;

use anyhow::{Context, bail};
use harness::measure::whole::write_whole;
use harness::report;

/// What goes into documents.
pub(crate) struct Section {
    /// The name of its markers.
    pub(crate) name: String,
    pub(crate) text: String,
}

/// Puts every section that the document has a place for into it.
pub(crate) fn splice(path: &Path, sections: &[Section]) -> anyhow::Result<()> {
    let old =
        fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    let new = spliced(&old, sections).with_context(|| path.display().to_string())?;
    if new != old {
        write_whole(path, &new).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn spliced(old: &str, sections: &[Section]) -> anyhow::Result<String> {
    let begins = |section: &Section| format!("<!-- versus:begin {} -->", section.name);
    let mut document = old.to_owned();
    let mut places = 0;
    for section in sections {
        if old.contains(&begins(section)) {
            document = report::splice(&document, &section.name, &section.text)?;
            places += 1;
        }
    }
    if places == 0 {
        let markers: Vec<_> = sections.iter().map(begins).collect();
        bail!(
            "there is no place for the tables: none of {}",
            markers.join(", ")
        );
    }
    Ok(document)
}
