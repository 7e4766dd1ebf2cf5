//! The name in a Content-Disposition.

use percent_encoding::percent_decode_str;

/// The file name that a Content-Disposition gives (RFC 6266), exactly as it says: nothing here makes it safe.
/// The extended form comes first, as servers send the plain one beside it for old clients.
pub(crate) fn file_name(value: &[u8]) -> Option<String> {
    // Many servers send UTF-8 as it is, some Latin-1; what is neither is shown as such.
    let value = String::from_utf8_lossy(value);
    let mut plain = None;
    for (name, value) in parameters(&value) {
        if name.eq_ignore_ascii_case("filename*") {
            if let Some(name) = extended(&value) {
                return Some(name);
            }
        } else if name.eq_ignore_ascii_case("filename") {
            plain.get_or_insert(value);
        }
    }
    plain
}

/// What stands behind the type, each as its name and its value, quotes taken off.
fn parameters(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text.split_once(';').map_or("", |(_, rest)| rest);
    while let Some((name, after)) = rest.split_once('=') {
        let (value, after) = value(after.trim_start());
        found.push((name.trim_matches([' ', '\t', ';']), value));
        rest = after;
    }
    found
}

/// A value, and what follows it.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let (value, rest) = text.split_once(';').unwrap_or((text, ""));
        return (value.trim().to_owned(), rest);
    };
    let mut value = String::new();
    let mut letters = quoted.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' => {
                let rest = &quoted[at + 1..];
                return (value, rest.split_once(';').map_or("", |(_, rest)| rest));
            }
            '\\' => value.extend(letters.next().map(|(_, letter)| letter)),
            letter => value.push(letter),
        }
    }
    (value, "")
}

/// `UTF-8''%e2%82%ac` (RFC 8187). Other charsets are not known.
fn extended(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_, text) = rest.split_once('\'')?;
    if !charset.eq_ignore_ascii_case("utf-8") {
        return None;
    }
    let text = percent_decode_str(text).decode_utf8().ok()?;
    Some(text.into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_in_all_their_forms() {
        let cases: [(&[u8], Option<&str>); 13] = [
            (b"attachment; filename=\"a b.txt\"", Some("a b.txt")),
            (b"attachment; filename=a.txt", Some("a.txt")),
            (b"attachment;filename=a.txt;size=3", Some("a.txt")),
            (b"inline; FileName = a.txt ", Some("a.txt")),
            (b"attachment; filename=\"a\\\"b;c\"; x=y", Some("a\"b;c")),
            (
                b"attachment; filename=\"x\"; filename*=UTF-8''%e2%82%ac%20x",
                Some("\u{20ac} x"),
            ),
            (
                b"attachment; filename*=utf-8'en'a%2Fb; filename=x",
                Some("a/b"),
            ),
            (
                b"attachment; filename*=iso-8859-1''%e4; filename=x",
                Some("x"),
            ),
            (b"attachment; filename*=UTF-8''%ff; filename=x", Some("x")),
            (b"attachment; filename=\"no end", Some("no end")),
            (b"attachment; filename=\"\xff\"", Some("\u{fffd}")),
            (b"attachment", None),
            (b"", None),
        ];
        for (value, name) in cases {
            let shown = String::from_utf8_lossy(value);
            assert_eq!(file_name(value).as_deref(), name, "{shown}");
        }
    }
}
