//! A site on loopback to try downloaders on: pages at a distance, and every misbehaviour that a downloader
//! meets in the wild.
//!
//! By hand: `cargo run -p downloader-site`. From a program: [`Site`] starts that program and ends it. The
//! server itself is behind the feature `server`, so that who only starts it builds neither hyper nor TLS.
//!
//! # Paths
#![doc = include_str!("../paths.md")]
#![warn(missing_docs)]

mod handle;
#[cfg(feature = "server")]
pub mod server;

pub use handle::{Site, SiteError};
