//! How much memory a talk needs, and whether that is there.

use crate::error::TalkError;
use crate::message::HEADER;
use crate::sys;
use crate::talk::Talk;
use crate::way::{Alone, Way};

impl Talk {
    /// Whether there is memory for it. The system gives out more than it has, and ends programs when it is asked for it.
    ///
    /// # Errors
    /// If there is not.
    pub fn fits(&self) -> Result<(), TalkError> {
        self.fits_in(sys::available())
    }

    /// The same for so many bytes, if that is known.
    fn fits_in(&self, available: Option<u64>) -> Result<(), TalkError> {
        let (needed, bytes) = (self.memory(), self.bytes);
        match available {
            Some(available) if needed > available => Err(TalkError::Memory { bytes, needed }),
            _ => Ok(()),
        }
    }

    /// Bytes of memory that both workers need for it at most.
    fn memory(&self) -> u64 {
        // Each side has one to send and one to receive; encoding has it once more, in vectors that double.
        let beside = match self.way {
            Way::IpcTyped | Way::Alone(Alone::Postcard | Alone::PostcardBytes) => 8,
            _ => 4,
        };
        (self.window() as u64 + beside) * (HEADER + self.bytes) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::Mode;

    fn talk(mode: Mode, bytes: usize) -> Talk {
        Talk {
            way: Way::Mpsc,
            mode,
            bytes,
            count: 1,
            verify: false,
            cores: [None; 2],
        }
    }

    #[test]
    fn what_needs_more_memory_than_there_is_is_refused_before_it_is_asked_for() {
        let talk = talk(Mode::RoundTrip, 1 << 20);
        let needed = 5 * ((1 << 20) + HEADER as u64);
        talk.fits_in(Some(needed)).unwrap();
        talk.fits_in(None).unwrap();
        let error = talk.fits_in(Some(needed - 1)).unwrap_err();
        assert_eq!(
            error.to_string(),
            "no memory for messages of 1MiB, which take 5.24 MB: give less (--payload)"
        );
    }

    #[test]
    fn a_window_is_bounded_in_messages_and_in_bytes_and_never_less_than_two() {
        let windows =
            [0, 1, 16 << 10, 1 << 18, 1 << 26].map(|bytes| talk(Mode::Stream, bytes).window());
        assert_eq!(windows, [64, 64, 64, 4, 2]);
        assert_eq!(talk(Mode::RoundTrip, 0).window(), 1);
    }
}
