//! Lines as GNU `sha256sum` writes them, byte for byte.

use std::ffi::OsStr;

use crate::digest::Digest;

/// How a digest is written.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Style {
    /// `SHA256 (NAME) = DIGEST` instead of `DIGEST  NAME`.
    pub(crate) tag: bool,
    /// Lines end in NUL, and nothing is escaped.
    pub(crate) zero: bool,
    /// The mark before the name is `*`.
    pub(crate) binary: bool,
}

impl Style {
    /// Appends the line for `name` to `out`.
    pub(crate) fn digest(self, out: &mut Vec<u8>, name: &OsStr, digest: Digest) {
        let name = name.as_encoded_bytes();
        let escape = !self.zero && name.iter().any(|byte| needs_escape(*byte));
        if escape {
            out.push(b'\\');
        }
        if self.tag {
            out.extend(b"SHA256 (");
            push_name(out, name, escape);
            out.extend(b") = ");
            out.extend(digest.hex());
        } else {
            out.extend(digest.hex());
            out.extend([b' ', if self.binary { b'*' } else { b' ' }]);
            push_name(out, name, escape);
        }
        out.push(if self.zero { 0 } else { b'\n' });
    }
}

/// Appends the line `NAME: VERDICT` of a check to `out`. Only a line feed makes it escaped, as in GNU.
pub(crate) fn verdict(out: &mut Vec<u8>, name: &OsStr, verdict: &str) {
    let name = name.as_encoded_bytes();
    let escape = name.contains(&b'\n');
    if escape {
        out.push(b'\\');
    }
    push_name(out, name, escape);
    out.extend(b": ");
    out.extend(verdict.as_bytes());
    out.push(b'\n');
}

fn needs_escape(byte: u8) -> bool {
    matches!(byte, b'\\' | b'\n' | b'\r')
}

fn push_name(out: &mut Vec<u8>, name: &[u8], escape: bool) {
    if !escape {
        out.extend(name);
        return;
    }
    for byte in name {
        match byte {
            b'\\' => out.extend(b"\\\\"),
            b'\n' => out.extend(b"\\n"),
            b'\r' => out.extend(b"\\r"),
            other => out.push(*other),
        }
    }
}

/// The name that an escaped one stands for; none if it is not one.
pub(crate) fn unescape(escaped: &[u8]) -> Option<Vec<u8>> {
    let mut name = Vec::with_capacity(escaped.len());
    let mut bytes = escaped.iter();
    while let Some(byte) = bytes.next() {
        name.push(match byte {
            b'\\' => match bytes.next()? {
                b'\\' => b'\\',
                b'n' => b'\n',
                b'r' => b'\r',
                _ => return None,
            },
            other => *other,
        });
    }
    Some(name)
}

/// `name` for a message on a terminal: control characters, which could redraw it, are spelled out.
pub(crate) fn shown(name: &OsStr) -> String {
    let mut text = String::new();
    for letter in name.to_string_lossy().chars() {
        if letter.is_control() {
            text.extend(letter.escape_default());
        } else {
            text.push(letter);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(style: Style, name: &str) -> String {
        let mut out = Vec::new();
        style.digest(&mut out, OsStr::new(name), Digest([0xab; 32]));
        String::from_utf8(out)
            .unwrap()
            .replace(&"ab".repeat(32), "HEX")
    }

    #[test]
    fn lines_are_escaped_as_gnu_does() {
        let plain = Style::default();
        assert_eq!(line(plain, "a b"), "HEX  a b\n");
        assert_eq!(line(plain, "a\nb\rc\\d"), "\\HEX  a\\nb\\rc\\\\d\n");
        assert_eq!(
            line(
                Style {
                    binary: true,
                    ..plain
                },
                "a"
            ),
            "HEX *a\n"
        );
        assert_eq!(
            line(Style { tag: true, ..plain }, "a\n"),
            "\\SHA256 (a\\n) = HEX\n"
        );
        assert_eq!(
            line(
                Style {
                    zero: true,
                    ..plain
                },
                "a\nb"
            ),
            "HEX  a\nb\0"
        );
        assert_eq!(
            line(
                Style {
                    zero: true,
                    tag: true,
                    ..plain
                },
                "a"
            ),
            "SHA256 (a) = HEX\0"
        );
    }

    #[test]
    fn what_is_escaped_is_unescaped_to_the_same() {
        let mut escaped = Vec::new();
        push_name(&mut escaped, b"a\nb\rc\\\\d", true);
        assert_eq!(unescape(&escaped).unwrap(), b"a\nb\rc\\\\d");
    }

    #[test]
    fn names_in_messages_cannot_redraw_the_terminal() {
        assert_eq!(shown(OsStr::new("a\x1b[2Jb\n")), "a\\u{1b}[2Jb\\n");
    }
}
