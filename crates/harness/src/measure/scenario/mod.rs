//! `scenario.toml`: what the harness needs to know of a scenario.
//!
//! ```toml
//! question = "Is hashing files better spread over threads or over processes?"
//! baseline = "threads"
//! # Arguments of every contestant with a `package` that names none of its own.
//! args = ["--json", "--workers", "{workers}", "--recursive", "."]
//!
//! # Workers of every contestant but the sequential one, if the user does not say; without it, as many as
//! # there are cores. For jobs that wait, many more than cores are of use.
//! workers = 50
//!
//! # Runs beside all contestants of a case, in the folder of its input, and is none of them: a server that they
//! # download from. Its first line on stdout says that it is ready, and `{service}` is the first URL in that
//! # line (or all of it). When its stdin ends, it must end. It is started before the input is made.
//! [service]
//! package = "downloader-site"
//! args = ["--until-stdin-closes"]
//!
//! # Makes the input of a case, in an empty folder in which the contestants then run. Without this
//! # part the folder stays empty.
//! [input]
//! package = "hasher"
//! args = ["--make-sample", ".", "--case", "{case}", "--seed", "{seed}"]
//!
//! # What the article says of this kind of work, in our words: shown beside what was measured. May be left out.
//! [article]
//! claim = "Hashing is calculating, and calculating goes to processes."
//! advice = "processes"
//!
//! [[case]]
//! name = "many-small"
//! title = "20,000 files of 1 kB"
//! on_request = true          # measured only if it is named by --cases
//! failing = true             # some items are bad on purpose: every contestant fails in as many, with status 1
//!
//! [[contestant]]
//! name = "threads"
//! model = "threads"          # sequential (always run with 1 worker), threads, processes or async
//! package = "hasher-threads" # built by cargo; the program of the same name is started
//!
//! [[contestant]]
//! name = "python-threads"
//! model = "threads"
//! reference = true           # runs only when asked for, and is "not run" where it is missing, or ends with status 77
//! own_checksum = true        # does the same job with other results: held to the baseline's counts, not its checksum
//! command = ["{python}", "{root}/scripts/hasher_reference.py", "threads", "{workers}", "."]
//! ```
//!
//! `{workers}`, `{case}`, `{seed}`, `{service}`, `{root}` and `{python}` (the interpreter that was found, or asked for) are
//! substituted in commands and arguments. Other braces stay as they are: they may mean something to the program.

mod check;
mod file;
mod values;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

pub use values::Values;

use crate::measure::samples::{Article, CasePlan};
use crate::record::Model;

/// One scenario: what is asked, of which input, and who answers.
#[derive(Clone, Debug, PartialEq)]
pub struct Scenario {
    /// Its name, which is that of its folder: `hasher`.
    pub name: String,
    /// The question that it asks, in one sentence.
    pub question: String,
    /// What the article says of this kind of work; absent where it says nothing.
    pub article: Option<Article>,
    /// The contestant that others are compared with.
    pub baseline: String,
    /// Workers of every contestant but the sequential one; empty where the user or the machine says.
    pub workers: Vec<u32>,
    /// What runs beside all contestants of a case; absent where they need nobody.
    pub service: Option<Launch>,
    /// What makes the input of a case; absent where contestants need none.
    pub input: Option<Launch>,
    /// Its cases; at least one.
    pub cases: Vec<CasePlan>,
    /// The names of those that are measured only if the user names them.
    pub on_request: Vec<String>,
    /// Its contestants; at least one, the baseline among them.
    pub contestants: Vec<Contestant>,
}

/// Who takes part in a scenario.
#[derive(Clone, Debug, PartialEq)]
pub struct Contestant {
    /// Its name: `threads`.
    pub name: String,
    /// Its model.
    pub model: Model,
    /// Whether it runs only when asked for, and is left out where its program is missing.
    pub reference: bool,
    /// Whether its results need not be those of the baseline, byte for byte.
    pub own_checksum: bool,
    /// How it is started.
    pub launch: Launch,
}

impl Contestant {
    /// With how many workers it runs when so many are asked for.
    pub fn workers(&self, asked: u32) -> u32 {
        if self.model == Model::Sequential {
            1
        } else {
            asked
        }
    }
}

/// A program and its arguments, before anything is substituted in them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Launch {
    /// The program.
    pub program: Program,
    /// Its arguments.
    pub args: Vec<String>,
}

/// Where a program comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Program {
    /// A package of the workspace, whose program of the same name is built by cargo.
    Package(String),
    /// Anything that is there already: a path, or a name that is looked up as a shell would.
    Command(String),
}

impl Scenario {
    /// Reads `<folder>/scenario.toml`; the scenario has the folder's name.
    ///
    /// # Errors
    ///
    /// If the file cannot be read, or if what it says makes no scenario.
    pub fn read(folder: &Path) -> Result<Self, ScenarioError> {
        let path = folder.join("scenario.toml");
        let text = fs::read_to_string(&path).map_err(|cause| ScenarioError::Read {
            file: path.clone(),
            cause,
        })?;
        let name = folder.file_name().unwrap_or_default().to_string_lossy();
        file::parse(&name, &text).map_err(|fault| ScenarioError::Broken {
            line: fault.line_in(&text),
            cause: fault.cause,
            file: path,
        })
    }

    /// Every package that cargo must build before the scenario can run, each once.
    pub fn packages(&self) -> Vec<&str> {
        let launches = self.contestants.iter().map(|contestant| &contestant.launch);
        let mut packages: Vec<_> = launches
            .chain(&self.service)
            .chain(&self.input)
            .filter_map(|launch| match &launch.program {
                Program::Package(package) => Some(package.as_str()),
                Program::Command(_) => None,
            })
            .collect();
        packages.sort_unstable();
        packages.dedup();
        packages
    }
}

/// Why a scenario could not be read.
#[derive(Debug, thiserror::Error)]
pub enum ScenarioError {
    /// The file is missing or unreadable.
    #[error("{}: {cause}", file.display())]
    Read {
        /// Which file.
        file: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// The file does not describe a scenario.
    #[error("{}:{line}: {cause}", file.display())]
    Broken {
        /// Which file.
        file: PathBuf,
        /// In which line, from 1.
        line: usize,
        /// What is wrong there.
        cause: String,
    },
}
