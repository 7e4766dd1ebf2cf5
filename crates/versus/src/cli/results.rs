//! `versus report`, `versus pages` and `versus diff`: of what was measured.

use std::path::PathBuf;

use clap::Args;

pub(super) const REPORT_EXAMPLES: &str = "\
Examples:
  versus report results/latest
  versus report results/latest --splice README.md --splice crates/hasher/README.md
  versus report results/many --splice README.md --marker downloader-many

A file that is spliced into has, for every scenario NAME (or the NAME of --marker) that it shows, the two lines
  <!-- versus:begin NAME -->
  <!-- versus:end NAME -->
and what stands between them is replaced.";

#[derive(Debug, Args)]
pub(crate) struct ReportOptions {
    /// The folder with samples.jsonl
    #[arg(value_name = "DIR")]
    pub(crate) folder: PathBuf,

    /// Put the tables into this document, between its markers
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Vec<PathBuf>,

    /// Put them between the markers of this name, instead of the scenario's: for a document that shows several
    /// measurements of one scenario
    #[arg(long, value_name = "NAME", requires = "splice")]
    pub(crate) marker: Option<String>,
}

pub(super) const PAGES_EXAMPLES: &str = "\
Examples:
  versus pages
  versus pages results --splice README.md

Written are DIR/README.md and DIR/overview.svg, and the README.md of every folder in DIR that holds samples.jsonl.
Left out are results/latest, which every machine has another one of, and what an interrupted measurement left.

A file that is spliced into has the two lines
  <!-- versus:begin overview -->
  <!-- versus:end overview -->
and what stands between them is replaced.";

#[derive(Debug, Args)]
pub(crate) struct PagesOptions {
    /// The folder of result folders [default: results of the workspace]
    #[arg(value_name = "DIR")]
    pub(crate) folder: Option<PathBuf>,

    /// Put the picture and the overall table into this document, between its markers
    #[arg(long, value_name = "FILE")]
    pub(crate) splice: Vec<PathBuf>,
}

#[derive(Debug, Args)]
pub(crate) struct DiffOptions {
    /// The folder of the older measurement
    #[arg(value_name = "RESULTS")]
    pub(crate) before: PathBuf,

    /// The folder of the newer one
    #[arg(value_name = "RESULTS")]
    pub(crate) after: PathBuf,

    /// Also where they are of two machines, with a warning
    #[arg(long)]
    pub(crate) across_machines: bool,
}
