//! Generated text in documents.

use crate::report::{SpliceError, splice};

const DOCUMENT: &str = "# Title\n<!-- versus:begin a -->\nold\n<!-- versus:end a -->\ntail\n";

#[test]
fn text_between_the_markers_is_replaced_and_nothing_else() {
    let new = splice(DOCUMENT, "a", "\nnew\nlines\n").expect("markers are there");
    assert_eq!(
        new,
        "# Title\n<!-- versus:begin a -->\n\nnew\nlines\n\n<!-- versus:end a -->\ntail\n"
    );
    assert_eq!(
        splice(&new, "a", "\nnew\nlines\n"),
        Ok(new.clone()),
        "doing it again changes nothing"
    );
}

#[test]
fn other_names_are_left_alone() {
    let both = format!("{DOCUMENT}{}", DOCUMENT.replace(" a -->", " a-b -->"));
    let new = splice(&both, "a", "new").expect("markers are there");
    assert!(new.contains("begin a -->\n\nnew\n\n<!--") && new.contains("begin a-b -->\nold\n<!--"));
}

#[test]
fn markers_that_are_missing_repeated_or_reversed_are_named() {
    let begin = || "<!-- versus:begin a -->".to_owned();
    let end = || "<!-- versus:end a -->".to_owned();
    let without = |marker: String| DOCUMENT.replace(&marker, "");
    assert_eq!(
        splice(&without(begin()), "a", ""),
        Err(SpliceError::Missing { marker: begin() })
    );
    assert_eq!(
        splice(&without(end()), "a", ""),
        Err(SpliceError::Missing { marker: end() })
    );
    let twice = DOCUMENT.repeat(2);
    assert_eq!(
        splice(&twice, "a", ""),
        Err(SpliceError::Repeated { marker: begin() })
    );
    let reversed = format!("{}\n{}", end(), begin());
    assert_eq!(
        splice(&reversed, "a", ""),
        Err(SpliceError::Reversed { marker: end() })
    );
    assert_eq!(
        splice(DOCUMENT, "a", &end()),
        Err(SpliceError::InText { marker: end() })
    );
}
