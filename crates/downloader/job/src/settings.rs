//! How pages are fetched.

use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How each page is fetched. Crosses to worker processes, so it holds values and nothing that is open.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Settings {
    /// For how long a server may be silent.
    pub(crate) timeout: Duration,
    /// How long all tries of a page may take together.
    pub(crate) deadline: Option<Duration>,
    /// How many bytes a page may have, after decompression.
    pub(crate) max_bytes: Option<u64>,
    /// How often a page is tried again.
    pub(crate) retries: u32,
    /// The pause before it is tried again the first time.
    pub(crate) retry_wait: Duration,
    /// How long all pauses of a page may be together.
    pub(crate) retry_budget: Duration,
    /// How many redirects are followed.
    pub(crate) redirects: usize,
    /// The authorities to trust instead of the system's: what a PEM file says.
    pub(crate) authorities: Option<Vec<u8>>,
    /// Whether to go through the proxies that environment variables name.
    pub(crate) proxies: bool,
    /// The folder of what has come so far; none where pages are not kept.
    pub(crate) parts: Option<PathBuf>,
    /// Whether what has come so far is kept for the next run.
    pub(crate) keep_parts: bool,
    /// The folder to tell in what is under way; none where nobody looks.
    pub(crate) notices: Option<PathBuf>,
}
