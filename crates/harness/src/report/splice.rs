//! Generated text inside documents that people write.

use thiserror::Error;

/// Why text cannot be spliced in.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum SpliceError {
    /// There is no such marker.
    #[error("no `{marker}` in the document")]
    Missing {
        /// Which one.
        marker: String,
    },
    /// The marker is there more than once.
    #[error("`{marker}` is in the document more than once")]
    Repeated {
        /// Which one.
        marker: String,
    },
    /// The end comes before the beginning.
    #[error("`{marker}` comes before its beginning")]
    Reversed {
        /// The marker of the end.
        marker: String,
    },
    /// The text holds one of its own markers, so that it could not be replaced again.
    #[error("the text to splice in holds `{marker}`")]
    InText {
        /// Which one.
        marker: String,
    },
}

/// Replaces what stands between `<!-- versus:begin NAME -->` and `<!-- versus:end NAME -->`; the markers
/// stay, everything around them stays to the byte, and doing it again changes nothing.
///
/// # Errors
/// If a marker is missing, there twice or in the wrong order, or if `text` itself holds one.
pub fn splice(document: &str, name: &str, text: &str) -> Result<String, SpliceError> {
    let begin = format!("<!-- versus:begin {name} -->");
    let end = format!("<!-- versus:end {name} -->");
    if let Some(marker) = [&begin, &end]
        .into_iter()
        .find(|marker| text.contains(*marker))
    {
        return Err(SpliceError::InText {
            marker: marker.clone(),
        });
    }
    let (from, to) = (only(document, &begin)? + begin.len(), only(document, &end)?);
    if to < from {
        return Err(SpliceError::Reversed { marker: end });
    }
    let (before, after) = (&document[..from], &document[to..]);
    // Empty lines around it, so that Markdown begins anew after a comment.
    Ok(format!(
        "{before}\n\n{}\n\n{after}",
        text.trim_matches('\n')
    ))
}

/// Where the only occurrence of the marker begins.
fn only(document: &str, marker: &str) -> Result<usize, SpliceError> {
    let mut places = document.match_indices(marker).map(|(place, _)| place);
    match (places.next(), places.next()) {
        (Some(place), None) => Ok(place),
        (None, _) => Err(SpliceError::Missing {
            marker: marker.to_owned(),
        }),
        (Some(_), Some(_)) => Err(SpliceError::Repeated {
            marker: marker.to_owned(),
        }),
    }
}
