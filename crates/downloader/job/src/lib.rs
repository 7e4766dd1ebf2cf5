//! Downloading pages: what the job is, whichever way it is spread.
//!
//! The variants (`downloader-threads`, `downloader-async`, `downloader-processes`, and [`sequential`] here)
//! only spread the [`Tasks`] of a [`Download`] over workers, let a [`Fetcher`] answer each, and hand the
//! [`Answer`]s to the [`Report`] in the order of the tasks. All else is alike and stands here:
//!
//! ```text
//! Options ─> urls ──> Task ──> Turns ──> Fetcher ────────────> Answer ───> Report
//!            (or      one a    (how many  client: TLS, redirects   in order    names: where to put it
//!            site:    URL      a host)    retry: again, and when               stdout: lines
//!            a sample)                    body: limits, digest, .part          stderr: errors, summary
//! ```
//!
//! A fetch is one future, whoever awaits it: a thread that has nothing else to do, or a runtime with a thousand
//! more. So what is compared is how waiting is spread, and not two clients.
#![warn(missing_docs)]

mod body;
mod client;
mod descriptors;
mod digest;
mod disposition;
mod error;
mod failed;
mod fetch;
mod lines;
mod names;
mod notices;
mod options;
mod parts;
mod program;
mod report;
mod retry;
pub mod sequential;
mod settings;
mod site;
mod task;
mod turns;
mod urls;

pub use digest::Digest;
pub use downloader_site::Site;
pub use error::DownloadError;
pub use fetch::Fetcher;
pub use program::{Spread, main, record};
pub use report::Report;
pub use settings::Settings;
pub use site::serve_if_asked as serve_site_if_asked;
pub use task::{Answer, COUNTED, Download, Fetched, Task, Tasks};
pub use turns::{Turn, Turns};
