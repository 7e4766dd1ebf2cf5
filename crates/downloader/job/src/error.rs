//! Why a page was not downloaded.

use std::error::Error as _;
use std::io;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// Why a page was not downloaded. Whoever prints it puts the URL before it.
///
/// It crosses from worker processes to their parent, so what libraries said is kept as text.
#[derive(Clone, Debug, PartialEq, Eq, Error, Serialize, Deserialize)]
pub enum DownloadError {
    /// It is no URL, or none that can be fetched.
    #[error("{0}")]
    Url(String),
    /// The list of URLs could not be read any further.
    #[error("{0}")]
    Input(String),
    /// The server said no.
    #[error("answered {}", named(*.code))]
    Status {
        /// The status.
        code: u16,
        /// How long the server asks to wait before the next try.
        retry_after: Option<Duration>,
    },
    /// No connection.
    #[error("cannot connect: {0}")]
    Connect(String),
    /// The name has no address.
    #[error("no such host: {0}")]
    Host(String),
    /// The server is not who it should be, or speaks no TLS that we do.
    #[error("no secure connection: {0}")]
    Tls(String),
    /// Nothing came for this long.
    #[error("silent for {}", humantime::format_duration(*.0))]
    Silent(Duration),
    /// It took longer than all tries may take together.
    #[error("not done within {}", humantime::format_duration(*.0))]
    Deadline(Duration),
    /// The page has more bytes than allowed.
    #[error("larger than {0} bytes")]
    TooLarge(u64),
    /// The connection ended before the page did.
    #[error("cut off after {}{}", count(*.got), of_them(*.of))]
    Cut {
        /// How many bytes had come.
        got: u64,
        /// How many there should be, if the server has said.
        of: Option<u64>,
    },
    /// The connection ended before any answer came.
    #[error("closed without an answer")]
    NoAnswer,
    /// The connection was reset.
    #[error("connection reset after {}", count(*.0))]
    Reset(u64),
    /// It was redirected too often, or to where we do not go.
    #[error("{0}")]
    Redirect(String),
    /// The answer is no HTTP, or breaks its rules.
    #[error("the answer is not HTTP as it should be: {0}")]
    Protocol(String),
    /// The compressed page cannot be unpacked.
    #[error("cannot be decompressed: {0}")]
    Encoding(String),
    /// The system refused to write what had come.
    #[error("cannot be saved: {0}")]
    Disk(String),
    /// The worker that was to fetch it could not.
    #[error("{0}")]
    Worker(String),
}

/// A status as people know it: `404 Not Found`.
fn named(code: u16) -> String {
    let reason = reqwest::StatusCode::from_u16(code)
        .ok()
        .and_then(|status| status.canonical_reason());
    reason.map_or_else(|| code.to_string(), |reason| format!("{code} {reason}"))
}

fn count(bytes: u64) -> String {
    format!("{bytes} byte{}", if bytes == 1 { "" } else { "s" })
}

fn of_them(of: Option<u64>) -> String {
    of.map_or_else(String::new, |of| format!(" of {of}"))
}

/// How far a page was when its request failed.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Reached {
    /// Whether the server has answered.
    pub(crate) answered: bool,
    /// How many bytes are there.
    pub(crate) got: u64,
    /// How many there should be.
    pub(crate) of: Option<u64>,
}

impl DownloadError {
    /// What `error` means for a page that was so far. reqwest tells kinds apart by where an error came up, and
    /// users by what happened: that is further down the chain of causes.
    pub(crate) fn of(error: &reqwest::Error, reached: Reached, timeout: Duration) -> Self {
        if error.is_redirect() {
            return Self::Redirect(innermost(error));
        }
        if error.is_builder() {
            return Self::Url(innermost(error));
        }
        if error.is_timeout() {
            return if error.is_connect() {
                Self::Connect(format!(
                    "no answer within {}",
                    humantime::format_duration(timeout)
                ))
            } else {
                Self::Silent(timeout)
            };
        }
        if let Some(error) = cause::<rustls::Error>(error) {
            return Self::Tls(lower(&error.to_string()));
        }
        if error.is_dns() {
            return Self::Host(innermost(error));
        }
        if error.is_connect() {
            return Self::Connect(innermost(error));
        }
        Self::of_connection(error, reached).unwrap_or_else(|| {
            if error.is_decode() {
                Self::Encoding(innermost(error))
            } else {
                Self::Protocol(innermost(error))
            }
        })
    }

    /// What the connection suffered, as hyper and the system tell.
    fn of_connection(error: &reqwest::Error, reached: Reached) -> Option<Self> {
        let reset = cause::<io::Error>(error).is_some_and(|io| {
            matches!(
                io.kind(),
                io::ErrorKind::ConnectionReset
                    | io::ErrorKind::ConnectionAborted
                    | io::ErrorKind::BrokenPipe
            )
        });
        if reset {
            return Some(Self::Reset(reached.got));
        }
        let http = cause::<hyper::Error>(error)?;
        let broken = http
            .source()
            .and_then(|source| source.downcast_ref::<io::Error>());
        let is_broken = broken.is_some_and(|io| io.kind() == io::ErrorKind::InvalidInput);
        Some(if http.is_parse_too_large() {
            Self::Protocol("its header is too large".into())
        } else if http.is_parse() || is_broken {
            Self::Protocol(innermost(error))
        } else if !reached.answered {
            Self::NoAnswer
        } else {
            Self::Cut {
                got: reached.got,
                of: reached.of,
            }
        })
    }

    /// Whether the same request may go well the next time: the server is busy or ill, or the way to it is.
    pub(crate) fn is_passing(&self) -> bool {
        match self {
            // 501 and 505: it will not learn in the meantime what it cannot do.
            Self::Status { code, .. } => {
                matches!(code, 408 | 429 | 500 | 502..=504 | 506..=599)
            }
            Self::Connect(_)
            | Self::Silent(_)
            | Self::Cut { .. }
            | Self::NoAnswer
            | Self::Reset(_) => true,
            _ => false,
        }
    }
}

impl From<io::Error> for DownloadError {
    fn from(error: io::Error) -> Self {
        Self::Disk(of_system(&error))
    }
}

/// The first error of type `E` in the chain of causes. An [`io::Error`] that wraps another one does not name
/// it as its source, but as what it holds.
fn cause<E: std::error::Error + 'static>(error: &reqwest::Error) -> Option<&E> {
    let mut next: Option<&(dyn std::error::Error + 'static)> = error.source();
    while let Some(error) = next {
        if let Some(found) = error.downcast_ref::<E>() {
            return Some(found);
        }
        let held = error
            .downcast_ref::<io::Error>()
            .and_then(io::Error::get_ref);
        next = match held {
            Some(held) => Some(held),
            None => error.source(),
        };
    }
    None
}

/// What the last error in the chain of causes says.
fn innermost(error: &reqwest::Error) -> String {
    let mut last: &dyn std::error::Error = error;
    while let Some(next) = last.source() {
        last = next;
    }
    lower(&last.to_string())
}

/// What the system says, in the style of the other messages.
pub(crate) fn of_system(error: &io::Error) -> String {
    lower(&error.to_string())
}

/// Lower-case at the beginning, without the system's number, in one line.
fn lower(text: &str) -> String {
    let text = text.split(" (os error").next().unwrap_or_default();
    let text = text.replace(char::is_control, " ");
    let mut letters = text.chars();
    match letters.next() {
        // Not an abbreviation, such as CRC.
        Some(first) if !letters.clone().next().is_some_and(char::is_uppercase) => {
            first.to_lowercase().chain(letters).collect()
        }
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn causes_are_lower_case_in_one_line_and_without_numbers() {
        let error = io::Error::from_raw_os_error(28);
        assert_eq!(
            DownloadError::from(error).to_string(),
            "cannot be saved: no space left on device"
        );
        assert_eq!(lower("Two\nlines"), "two lines");
        assert_eq!(lower("CRC is wrong"), "CRC is wrong");
    }

    #[test]
    fn statuses_have_their_names() {
        let status = |code| DownloadError::Status {
            code,
            retry_after: None,
        };
        assert_eq!(status(404).to_string(), "answered 404 Not Found");
        assert_eq!(status(599).to_string(), "answered 599");
    }

    #[test]
    fn what_passes_is_told_from_what_stays() {
        let status = |code| DownloadError::Status {
            code,
            retry_after: None,
        };
        for code in [408, 429, 500, 502, 503, 504, 507, 522, 599] {
            assert!(status(code).is_passing(), "{code}");
        }
        for code in [301, 304, 400, 401, 403, 404, 410, 416, 501, 505] {
            assert!(!status(code).is_passing(), "{code}");
        }
        assert!(DownloadError::Cut { got: 1, of: None }.is_passing());
        assert!(!DownloadError::Disk(String::new()).is_passing());
        assert!(!DownloadError::TooLarge(1).is_passing());
    }
}
