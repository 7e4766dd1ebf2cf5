//! Systems without a way to keep a process on one core, or where it was not tried.

/// See the one for Linux.
pub(crate) struct OneCore {}

impl OneCore {
    /// Always `None`.
    pub(crate) fn begin() -> Option<Self> {
        None
    }
}
