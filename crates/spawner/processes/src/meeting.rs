//! Where processes say that they are ready, and wait until they are let go. They have no memory in common, so these are
//! two pipes: one that all write to, and one that ends when they may go.

use std::io::{self, ErrorKind, PipeReader, PipeWriter, Read};

use anyhow::{Result, ensure};

/// A meeting of some processes with the one that has started them.
#[derive(Debug)]
pub struct Meeting {
    /// What they have to say comes from here.
    told: PipeReader,
    /// Here they say it, eight bytes each.
    pub(crate) tell: PipeWriter,
    /// This ends when they may go.
    pub(crate) over: PipeReader,
    /// And it does when nobody has this any more.
    pub(crate) hold: PipeWriter,
}

/// A meeting to which all were called who will come. They may go when it is dropped.
#[derive(Debug)]
pub struct Called {
    told: PipeReader,
    _hold: PipeWriter,
}

impl Meeting {
    /// Nobody is there yet.
    ///
    /// # Errors
    /// If the system gives no pipe.
    pub fn new() -> io::Result<Self> {
        let (told, tell) = io::pipe()?;
        let (over, hold) = io::pipe()?;
        Ok(Self {
            told,
            tell,
            over,
            hold,
        })
    }

    /// No more workers come. From here on the pipe ends when all have said what they had to say, or have died.
    pub fn called(self) -> Called {
        Called {
            told: self.told,
            _hold: self.hold,
        }
    }
}

impl Called {
    /// What each of `workers` says, as they come.
    ///
    /// # Errors
    /// If one has died before it could say anything.
    pub fn all_told(&mut self, workers: u32) -> Result<Vec<u64>> {
        let mut numbers = Vec::with_capacity(workers as usize);
        let mut number = [0; 8];
        for _ in 0..workers {
            match self.told.read_exact(&mut number) {
                Ok(()) => numbers.push(u64::from_ne_bytes(number)),
                Err(error) if error.kind() == ErrorKind::UnexpectedEof => break,
                Err(error) => return Err(error.into()),
            }
        }
        let missing = workers as usize - numbers.len();
        ensure!(
            missing == 0,
            "{missing} of {workers} workers died before they were ready"
        );
        Ok(numbers)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn whoever_dies_before_it_could_speak_is_missed() {
        let mut meeting = Meeting::new().unwrap();
        meeting.tell.write_all(&7_u64.to_ne_bytes()).unwrap();
        let mut called = meeting.called();
        assert_eq!(called.all_told(1).unwrap(), [7]);
        let error = called.all_told(3).unwrap_err().to_string();
        assert_eq!(error, "3 of 3 workers died before they were ready");
    }
}
