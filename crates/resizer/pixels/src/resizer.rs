//! The whole way of a picture.

use serde::{Deserialize, Serialize};

use crate::colour::suit;
use crate::error::PixelsError;
use crate::filter::Filter;
use crate::format::Format;
use crate::note::Note;
use crate::read::{Read, read};
use crate::settings::Settings;
use crate::turn::upright;
use crate::write::{allow, write};

/// Makes pictures smaller, one after another, with buffers that it keeps.
pub struct Resizer {
    settings: Settings,
    filter: Filter,
    /// Where pictures are decoded to: fresh memory for each would cost more than some decode.
    decoded: Vec<u8>,
}

/// A picture that was made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Resized {
    /// The file to write.
    pub bytes: Vec<u8>,
    /// Width and height of the picture that was read, upright.
    pub from: (u32, u32),
    /// Width and height of the picture that was made.
    pub to: (u32, u32),
    /// The format that was read.
    pub read: Format,
    /// The format of `bytes`.
    pub written: Format,
    /// What is lost, beside pixels.
    pub notes: Vec<Note>,
}

impl Resizer {
    /// A resizer that makes what `settings` ask for.
    pub fn new(settings: Settings) -> Self {
        Self {
            settings,
            filter: Filter::new(),
            decoded: Vec::new(),
        }
    }

    /// Makes the picture in `file` smaller. The same bytes give the same bytes, on any worker.
    ///
    /// # Errors
    /// If `file` is no picture, a damaged one or one of an unknown kind, if it would take more memory than allowed, or
    /// if the result cannot be written in its format.
    pub fn resize(&mut self, file: &[u8]) -> Result<Resized, PixelsError> {
        if file.is_empty() {
            return Err(PixelsError::Empty);
        }
        let format = Format::of(file).ok_or(PixelsError::NotAPicture)?;
        let written = self.settings.format.unwrap_or(format);
        let buffer = std::mem::take(&mut self.decoded);
        let mut read = read(file, format, &self.settings, buffer)?;
        let result = self.make(&mut read, format, written);
        self.decoded = read.picture.data;
        result
    }

    fn make(
        &mut self,
        read: &mut Read,
        format: Format,
        written: Format,
    ) -> Result<Resized, PixelsError> {
        allow(read.plan.to, written)?;
        let small = self.filter.apply(read, self.settings.linear);
        let about = &read.about;
        let small = upright(small, about.orientation);
        let (mut profile, mut notes) = (about.profile.clone(), about.notes.clone());
        let small = suit(small, written, &mut profile, &mut notes);
        Ok(Resized {
            bytes: write(&small, written, self.settings.quality, profile)?,
            from: about.upright(),
            to: (small.width, small.height),
            read: format,
            written,
            notes,
        })
    }
}
