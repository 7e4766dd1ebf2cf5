//! Where each picture goes: a name in the output folder for each, and none for two.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};

use resizer_pixels::Format;

use crate::error::ResizeError;
use crate::lines::shown;
use crate::source;

/// The extensions that pictures have, in lower case.
const EXTENSIONS: [(&str, Format); 10] = [
    ("jpg", Format::Jpeg),
    ("jpeg", Format::Jpeg),
    ("jpe", Format::Jpeg),
    ("jfif", Format::Jpeg),
    ("png", Format::Png),
    ("gif", Format::Gif),
    ("webp", Format::WebP),
    ("tif", Format::Tiff),
    ("tiff", Format::Tiff),
    ("bmp", Format::Bmp),
];

/// The format that a name stands for; none if it has no extension of a picture.
pub(crate) fn format_of(name: &Path) -> Option<Format> {
    let extension = name.extension()?.to_str()?.to_ascii_lowercase();
    let known = EXTENSIONS.iter().find(|(text, _)| *text == extension);
    known.map(|(_, format)| *format)
}

/// Gives out names in the output folder, each once.
#[derive(Debug)]
pub(crate) struct Names {
    /// What pictures are written as; none if as they were.
    format: Option<Format>,
    /// What goes where.
    given: HashMap<OsString, OsString>,
}

impl Names {
    pub(crate) fn new(format: Option<Format>) -> Self {
        let given = HashMap::new();
        Self { format, given }
    }

    /// A name for the file at `input`, which is called `relative` below what the user named.
    pub(crate) fn give(&mut self, input: &OsStr, relative: &Path) -> Result<OsString, ResizeError> {
        let output = renamed(relative, self.format).into_os_string();
        match self.given.get(&output) {
            // `notes.txt` would go there, but it is no picture and goes nowhere.
            Some(first) if source::is_picture(Path::new(first)) => Err(ResizeError::Taken {
                output: shown(&output),
                first: shown(first),
            }),
            _ => {
                self.given.insert(output.clone(), input.to_owned());
                Ok(output)
            }
        }
    }
}

/// `name` with an extension of `format`. What stands after a last dot is replaced only if it is the extension
/// of a picture: `holiday.2024` is a name.
fn renamed(name: &Path, format: Option<Format>) -> PathBuf {
    match (format, format_of(name)) {
        (None, _) => name.to_owned(),
        (Some(wanted), Some(there)) if wanted == there => name.to_owned(),
        (Some(wanted), Some(_)) => name.with_extension(wanted.extension()),
        (Some(wanted), None) => {
            let mut name = name.as_os_str().to_owned();
            name.push(".");
            name.push(wanted.extension());
            name.into()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_extension_of_a_picture_is_replaced() {
        let to = |name: &str, format| renamed(Path::new(name), format);
        for (name, jpeg) in [
            ("a/b.png", "a/b.jpg"),
            ("a.JPG", "a.JPG"),
            ("a.jpeg", "a.jpeg"),
            ("holiday.2024", "holiday.2024.jpg"),
            ("a.tar.png", "a.tar.jpg"),
            ("photo", "photo.jpg"),
            (".png", ".png.jpg"),
        ] {
            assert_eq!(to(name, Some(Format::Jpeg)), Path::new(jpeg), "{name}");
            assert_eq!(to(name, None), Path::new(name));
        }
    }

    #[test]
    fn a_name_is_given_once_and_again_if_the_first_was_no_picture() {
        let dir = tempfile::tempdir().unwrap();
        let file = |name: &str, content: &[u8]| {
            let path = dir.path().join(name);
            std::fs::write(&path, content).unwrap();
            path.into_os_string()
        };
        let (text, gif) = (file("a.bmp", b"text"), file("a.gif", b"GIF89a"));
        let mut names = Names::new(Some(Format::Png));
        let mut give = |input: &OsStr, name| names.give(input, Path::new(name));
        assert_eq!(give(&text, "a.bmp").unwrap(), "a.png");
        assert_eq!(give(&gif, "a.gif").unwrap(), "a.png");
        let taken = give(&text, "a.tif").unwrap_err().to_string();
        assert!(taken.contains("written to a.png, where "), "{taken}");
        assert!(taken.contains("a.gif goes"), "{taken}");
    }
}
