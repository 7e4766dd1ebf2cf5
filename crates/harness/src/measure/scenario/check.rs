//! What is wrong with a `scenario.toml`, and the checks of its texts.

use std::collections::BTreeSet;
use std::ops::Range;

use toml::Spanned;

/// What is wrong, and where in the text.
#[derive(Debug)]
pub(super) struct Fault {
    pub(super) cause: String,
    pub(super) span: Range<usize>,
}

impl Fault {
    pub(super) fn at<T>(place: &Spanned<T>, cause: impl Into<String>) -> Self {
        Self {
            cause: cause.into(),
            span: place.span(),
        }
    }

    /// The line of `text` that it is in, from 1.
    pub(super) fn line_in(&self, text: &str) -> usize {
        // Not `lines()`: a place right after a line break is in the next line.
        text.get(..self.span.start)
            .unwrap_or(text)
            .split('\n')
            .count()
    }
}

/// Names that can stand in tables, on command lines and in the markers of documents.
pub(super) fn names<'a>(
    names: impl Iterator<Item = &'a Spanned<String>>,
    what: &str,
    otherwise: &Spanned<String>,
) -> Result<(), Fault> {
    let mut seen = BTreeSet::new();
    for name in names {
        let text = name.get_ref();
        let allowed =
            |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
        if text.is_empty() || !text.chars().all(allowed) {
            let cause = format!("{what} `{text}`: a name has only a to z, 0 to 9, `-` and `_`");
            return Err(Fault::at(name, cause));
        }
        if !seen.insert(text) {
            return Err(Fault::at(name, format!("there are two of {what} `{text}`")));
        }
    }
    if seen.is_empty() {
        return Err(Fault::at(
            otherwise,
            format!("no [[{what}]]: at least one is needed"),
        ));
    }
    Ok(())
}

pub(super) fn one_line(text: &Spanned<String>, what: &str) -> Result<(), Fault> {
    let line = text.get_ref();
    if line.trim().is_empty() || line.contains(char::is_control) {
        return Err(Fault::at(
            text,
            format!("`{what}` must be one line of text"),
        ));
    }
    Ok(())
}
