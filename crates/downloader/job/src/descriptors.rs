//! How many files may be open: a connection is one.

use anyhow::{Result, bail};

/// What a program needs beside its connections: standard streams, a runtime's own, libraries, a margin.
const BESIDE: u64 = 64;

/// Makes room for `needed` open files, beside those that every program has.
///
/// # Errors
/// If the system does not allow so many: better than a thousand pages that fail with a riddle.
pub(crate) fn allow(needed: u64) -> Result<()> {
    let needed = needed + BESIDE;
    let (soft, hard) = platform::limits();
    if soft >= needed {
        return Ok(());
    }
    // Up to what everyone may have without asking; shells begin with less for the sake of old programs.
    if hard < needed || !platform::raise(needed, hard) {
        bail!(
            "{needed} files would have to be open at once, and {hard} may be: use fewer --workers, or raise the limit (ulimit -Hn)"
        );
    }
    Ok(())
}

#[cfg(unix)]
mod platform {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

    /// How many may be open now, and how many everyone may allow themselves.
    pub(super) fn limits() -> (u64, u64) {
        let limit = getrlimit(Resource::Nofile);
        let or_all = |value: Option<u64>| value.unwrap_or(u64::MAX);
        (or_all(limit.current), or_all(limit.maximum))
    }

    pub(super) fn raise(needed: u64, hard: u64) -> bool {
        let limit = Rlimit {
            current: Some(needed),
            maximum: (hard != u64::MAX).then_some(hard),
        };
        setrlimit(Resource::Nofile, limit).is_ok()
    }
}

#[cfg(not(unix))]
mod platform {
    pub(super) fn limits() -> (u64, u64) {
        (u64::MAX, u64::MAX)
    }

    pub(super) fn raise(_needed: u64, _hard: u64) -> bool {
        true
    }
}
