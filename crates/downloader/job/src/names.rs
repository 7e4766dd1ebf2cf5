//! Names for pages on the disk: safe whatever a server says, and distinct.

use std::collections::HashMap;

use percent_encoding::percent_decode_str;
use url::Url;

/// The longest name in bytes. Most file systems take 255; this leaves room for a number.
const LONGEST: usize = 240;
/// A page whose URL ends in a slash.
const INDEX: &str = "index.html";
/// Names that mean devices to Windows, with any extension.
const DEVICES: [&str; 6] = ["con", "prn", "aux", "nul", "com", "lpt"];

/// Gives out names, each once.
#[derive(Debug, Default)]
pub(crate) struct Names {
    /// In lower case, as some file systems do not tell `A` from `a`; and the number to try first for another
    /// one of that name, so that ten thousand pages of one name are not tried ten thousand times each.
    given: HashMap<String, u64>,
}

impl Names {
    /// A name for the page at `url`, which the server wants to be called `wanted`.
    pub(crate) fn give(&mut self, url: &str, wanted: Option<&str>) -> String {
        let name = wanted
            .map(last_segment)
            .and_then(safe)
            .or_else(|| safe(&of_url(url)))
            .unwrap_or_else(|| INDEX.to_owned());
        self.distinct(&name)
    }

    /// `name`, or else the next of `name-2.txt`, `name-3.txt` and so on that was not given before.
    pub(crate) fn distinct(&mut self, name: &str) -> String {
        let Some(next) = self.given.get_mut(&name.to_lowercase()) else {
            self.given.insert(name.to_lowercase(), 2);
            return name.to_owned();
        };
        let mut number = *next;
        let (stem, extension) = split(name);
        loop {
            let numbered = format!("{stem}-{number}{extension}");
            number += 1;
            if !self.given.contains_key(&numbered.to_lowercase()) {
                self.given.insert(name.to_lowercase(), number);
                self.given.insert(numbered.to_lowercase(), 2);
                return numbered;
            }
        }
    }
}

/// The last segment of the path, decoded.
fn of_url(url: &str) -> String {
    let url = Url::parse(url).ok();
    let last = url
        .as_ref()
        .and_then(|url| url.path_segments()?.next_back());
    percent_decode_str(last.unwrap_or_default())
        .decode_utf8_lossy()
        .into_owned()
}

/// What stands behind the last slash or backslash: a server has no say in folders.
fn last_segment(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or_default()
}

/// `name` as it can be saved anywhere; none if nothing is left of it.
fn safe(name: &str) -> Option<String> {
    let harmless = |letter: char| match letter {
        '/' | '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|' => '_',
        // Among the control characters are line feeds, escapes, and what turns the direction of writing.
        letter if letter.is_control() || is_invisible(letter) => '_',
        letter => letter,
    };
    let name: String = name.chars().map(harmless).collect();
    // Windows drops blanks and dots at the end; one at the beginning would hide the file.
    let name = name.trim().trim_end_matches(['.', ' ']);
    let hidden = name.starts_with('.');
    let name = name.trim_start_matches('.');
    if name.is_empty() {
        return None;
    }
    let mark = if hidden || is_device(name) { "_" } else { "" };
    Some(shortened(&format!("{mark}{name}")))
}

/// Marks that change how a name is shown, and not what it is.
fn is_invisible(letter: char) -> bool {
    matches!(letter, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

fn is_device(name: &str) -> bool {
    let stem = name
        .split('.')
        .next()
        .unwrap_or_default()
        .to_ascii_lowercase();
    DEVICES.iter().any(|device| {
        stem.strip_prefix(device).is_some_and(|rest| {
            rest.is_empty() || rest.len() == 1 && rest.as_bytes()[0].is_ascii_digit()
        })
    })
}

/// At most [`LONGEST`] bytes, with the extension kept.
fn shortened(name: &str) -> String {
    if name.len() <= LONGEST {
        return name.to_owned();
    }
    let (stem, extension) = split(name);
    let mut end = LONGEST - extension.len();
    while !stem.is_char_boundary(end) {
        end -= 1;
    }
    format!("{}{extension}", &stem[..end])
}

/// Stem and extension, the dot in the latter. What is very long is none.
fn split(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 && name.len() - at <= 20 => name.split_at(at),
        _ => (name, ""),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str) -> String {
        Names::default().give(url, None)
    }

    fn wanted(name: &str) -> String {
        Names::default().give("http://a/from-url", Some(name))
    }

    #[test]
    fn a_page_has_the_last_name_of_its_path() {
        assert_eq!(of("http://a/b/c.txt?d=e/f#g"), "c.txt");
        assert_eq!(of("http://a/b%20c"), "b c");
        for url in ["http://a", "http://a/", "http://a/b/", "no url"] {
            assert_eq!(of(url), "index.html");
        }
        // An encoded slash is no slash to the URL, and none to the disk either.
        assert_eq!(of("http://a/..%2fetc%2fpasswd"), "__etc_passwd");
    }

    #[test]
    fn a_server_cannot_name_another_folder() {
        for name in ["../../x", "/etc/x", "C:\\Windows\\x", "..\\..\\x", "a/x"] {
            assert_eq!(wanted(name), "x", "{name}");
        }
    }

    #[test]
    fn names_that_are_none_fall_back_to_the_url() {
        for name in ["", ".", "..", "...", "/", "a/", " . ", "../.."] {
            assert_eq!(wanted(name), "from-url", "{name:?}");
        }
    }

    #[test]
    fn names_that_do_harm_are_changed() {
        for (name, safe) in [
            (".bashrc", "_bashrc"),
            ("a\0b", "a_b"),
            ("a\nb\x1b[2J", "a_b_[2J"),
            ("a\u{202e}txt.exe", "a_txt.exe"),
            ("a:b*c?d\"e<f>g|h", "a_b_c_d_e_f_g_h"),
            ("CON", "_CON"),
            ("con.txt", "_con.txt"),
            ("lpt1.tar.gz", "_lpt1.tar.gz"),
            ("com9", "_com9"),
            ("computer", "computer"),
            ("x. . ", "x"),
        ] {
            assert_eq!(wanted(name), safe, "{name:?}");
        }
    }

    #[test]
    fn long_names_keep_their_extension_and_their_letters_whole() {
        let name = wanted(&format!("{}.tar", "\u{20ac}".repeat(100)));
        assert!(
            name.len() <= LONGEST && name.ends_with("\u{20ac}.tar"),
            "{name}"
        );
        let name = wanted(&"x".repeat(300));
        assert_eq!(name, "x".repeat(LONGEST));
    }

    #[test]
    fn names_are_distinct_also_where_case_does_not_count() {
        let mut names = Names::default();
        let given = ["a.txt", "A.txt", "a-2.txt", "a.txt"].map(|name| names.give("", Some(name)));
        assert_eq!(given, ["a.txt", "A-2.txt", "a-2-2.txt", "a-3.txt"]);
        assert_eq!(
            [(); 2].map(|()| names.give("http://a/", None)),
            ["index.html", "index-2.html"]
        );
    }
}
