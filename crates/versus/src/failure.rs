//! How `versus` ends when it could not do what it was asked for.

use std::process::ExitCode;

use harness::contestant::INTERRUPTED;
use harness::say;

/// Why `versus` ends early, which decides its exit status.
#[derive(Debug)]
pub(crate) enum Failure {
    /// What was asked for does not exist: 2, as for any other wrong command line.
    Usage(anyhow::Error),
    /// It was tried and did not work: 1.
    Failed(anyhow::Error),
    /// Ctrl-C: 130.
    Interrupted,
}

impl Failure {
    /// Says it on stderr. Returns the exit status.
    pub(crate) fn tell(self) -> ExitCode {
        match self {
            Self::Usage(error) => {
                say!("versus: {error:#}");
                ExitCode::from(2)
            }
            Self::Failed(error) => {
                say!("versus: {error:#}");
                ExitCode::FAILURE
            }
            Self::Interrupted => {
                say!("versus: interrupted");
                ExitCode::from(INTERRUPTED)
            }
        }
    }
}

impl From<anyhow::Error> for Failure {
    fn from(error: anyhow::Error) -> Self {
        Self::Failed(error)
    }
}
