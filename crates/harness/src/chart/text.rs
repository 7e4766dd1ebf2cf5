//! How wide text is, and where it breaks.
//!
//! No font is embedded, so nobody knows which one a reader has. The widths here are those of a wide one
//! (`DejaVu Sans`); in the usual ones (Helvetica, Arial) text is about a tenth narrower, and fits as well.

/// Lines of a name at most; a command may be endless.
const MOST_LINES: usize = 6;

/// About how wide `text` is, at most, in a size of 1.
fn ems(text: &str) -> f64 {
    text.chars().map(em).sum()
}

fn em(character: char) -> f64 {
    match character {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '|' | '!' | ' ' => 0.34,
        'f' | 't' | 'r' | '(' | ')' | '[' | ']' | '/' | '\\' | '-' | '·' => 0.42,
        'm' | 'w' | 'M' | 'W' | '%' | '@' | '→' | '←' | '…' => 1.0,
        'A'..='Z' | '&' | '<' | '>' | '=' | '+' | '~' => 0.8,
        character if character.is_ascii() || character == '–' => 0.64,
        // Letters of Chinese, Japanese and Korean, symbols: a square each.
        character if character > '\u{10ff}' => 1.1,
        _ => 0.75,
    }
}

/// About how wide `text` is, at most, in pixels.
pub(super) fn width(text: &str, size: f64) -> f64 {
    ems(text) * size
}

/// How wide the widest of them is.
pub(super) fn widest<'a>(texts: impl IntoIterator<Item = &'a str>, size: f64) -> f64 {
    texts
        .into_iter()
        .map(|text| width(text, size))
        .fold(0.0, f64::max)
}

/// One line of text that XML can hold: what it forbids is shown as a replacement character.
pub(super) fn clean(text: &str) -> String {
    let shown = |character: char| match character {
        '\n' | '\r' | '\t' => ' ',
        character if character.is_control() || matches!(character, '\u{fffe}' | '\u{ffff}') => {
            '\u{fffd}'
        }
        character => character,
    };
    text.chars().map(shown).collect()
}

/// Breaks a text into lines of at most `room` pixels: at spaces, behind hyphens and slashes, or
/// anywhere where a word alone is too wide. What does not fit into a few lines ends in an ellipsis.
pub(super) fn wrap(text: &str, size: f64, room: f64) -> Vec<String> {
    let mut lines = vec![String::new()];
    for piece in pieces(&clean(text)) {
        add(&mut lines, &piece, size, room);
    }
    let mut lines: Vec<String> = lines.iter().map(|line| line.trim().to_owned()).collect();
    lines.retain(|line| !line.is_empty());
    if lines.len() > MOST_LINES {
        lines.truncate(MOST_LINES);
        end_in_ellipsis(&mut lines[MOST_LINES - 1], size, room);
    }
    lines
}

fn add(lines: &mut Vec<String>, piece: &str, size: f64, room: f64) {
    let Some(last) = lines.last_mut() else { return };
    if width(last, size) + width(piece.trim_end(), size) <= room {
        last.push_str(piece);
    } else if width(piece.trim_end(), size) <= room {
        lines.push(piece.to_owned());
    } else {
        for character in piece.chars() {
            add(lines, &character.to_string(), size, room.max(2.0 * size));
        }
    }
}

/// Words with what follows them; they may be parted from the next.
fn pieces(text: &str) -> Vec<String> {
    let breaks = |character: char| matches!(character, ' ' | '-' | '/' | '_' | ',');
    text.split_inclusive(breaks).map(str::to_owned).collect()
}

fn end_in_ellipsis(line: &mut String, size: f64, room: f64) {
    while !line.is_empty() && width(line, size) + width("…", size) > room {
        line.pop();
    }
    line.push('…');
}
