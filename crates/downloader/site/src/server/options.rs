//! The command line.

use std::path::PathBuf;
use std::time::Duration;

use clap::Parser;

use super::query::{Tail, duration, size};

/// A site on loopback to try downloaders on: pages at a distance, and every misbehaviour.
#[derive(Clone, Debug, Parser)]
#[command(name = "downloader-site", after_long_help = super::catalogue::help())]
pub struct Options {
    /// The port on 127.0.0.1; 0 for any that is free
    #[arg(long, default_value_t = 0)]
    pub port: u16,

    /// Serve HTTPS as well, by a throw-away authority made at the start
    #[arg(long)]
    pub tls: bool,

    /// The port for HTTPS; 0 for any that is free
    #[arg(long, default_value_t = 0, requires = "tls")]
    pub tls_port: u16,

    /// Where to write the authority's certificate (PEM); without it a temporary file, gone at the end
    #[arg(long, value_name = "FILE", requires = "tls")]
    pub ca_out: Option<PathBuf>,

    /// Pages there are: /page/1 to /page/N
    #[arg(long, value_name = "N", default_value_t = 10_000, value_parser = clap::value_parser!(u64).range(1..=super::text::MOST_PAGES))]
    pub pages: u64,

    /// Bytes of a page: 10000, 10kB, 1MiB
    #[arg(long, value_name = "BYTES", default_value = "10kB", value_parser = size)]
    pub size: u64,

    /// How far away the pages are: time from a request to the first byte of its answer
    #[arg(long, value_name = "TIME", default_value = "0", value_parser = duration)]
    pub latency: Duration,

    /// A share of the pages that is further away: `0.01,2s` makes 2 s of the latency for 1 in 100
    #[arg(long, value_name = "SHARE,TIME")]
    pub tail: Option<Tail>,

    /// Bytes a second of one answer's body; without it as fast as it goes
    #[arg(long, value_name = "BYTES/s", value_parser = size)]
    pub rate: Option<u64>,

    /// What the pages say, and which are far away, depends on this and their number alone
    #[arg(long, default_value_t = 1)]
    pub seed: u64,

    /// Threads that serve
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u16).range(1..))]
    pub threads: u16,

    /// Do not list the paths on stderr
    #[arg(long)]
    pub quiet: bool,

    /// End when stdin does, so that a parent that was killed leaves no server behind
    #[arg(long)]
    pub until_stdin_closes: bool,
}
