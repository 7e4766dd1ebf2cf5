//! Writing and reading samples files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{Header, Line, SCHEMA, Sample};

/// Writes a samples file, line by line, so that an interrupted measurement keeps what it has.
#[derive(Debug)]
pub struct Writer {
    file: File,
}

impl Writer {
    /// Begins the file with its header. A file that is there already is replaced.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn create(path: &Path, header: &Header) -> io::Result<Self> {
        let mut writer = Self {
            file: File::create(path)?,
        };
        writer.line(&Line::Header(header.clone()))?;
        Ok(writer)
    }

    /// Adds a sample. It is with the system when this returns: killing the process does not lose it.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn append(&mut self, sample: &Sample) -> io::Result<()> {
        self.line(&Line::Sample(sample.clone()))
    }

    /// Ends the file: it is on the disk when this returns.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn finish(self) -> io::Result<()> {
        self.file.sync_all()
    }

    /// One write a line, unbuffered: at most the last line can be cut.
    fn line(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.file.write_all(&text)
    }
}

/// What a samples file holds.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// Its first line.
    pub header: Header,
    /// All others, in the order in which they were measured.
    pub samples: Vec<Sample>,
    /// What the reader should know: that the last line was cut and left out, for instance.
    pub warning: Option<String>,
}

/// Reads a samples file. A last line that was cut while it was written is left out, with a warning.
///
/// # Errors
///
/// If the file cannot be read, was written by a newer version, or has a line that is no sample.
pub fn read(path: &Path) -> Result<Samples, SamplesError> {
    let bytes = fs::read(path).map_err(|cause| SamplesError::Read {
        file: path.to_owned(),
        cause,
    })?;
    parse(&bytes).map_err(|fault| match fault {
        Fault::Newer(found) => SamplesError::Newer {
            file: path.to_owned(),
            found,
        },
        Fault::Line(line, cause) => SamplesError::Broken {
            file: path.to_owned(),
            line,
            cause,
        },
    })
}

/// Why a samples file could not be read.
#[derive(Debug, thiserror::Error)]
pub enum SamplesError {
    /// The file is missing or unreadable.
    #[error("{}: {cause}", file.display())]
    Read {
        /// Which file.
        file: PathBuf,
        /// Why not.
        cause: io::Error,
    },
    /// A newer version wrote it.
    #[error("{}: samples of schema {found}, and this version reads up to {SCHEMA}: use a newer one", file.display())]
    Newer {
        /// Which file.
        file: PathBuf,
        /// Its schema.
        found: u64,
    },
    /// A line is not what it should be.
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

enum Fault {
    Newer(u64),
    Line(usize, String),
}

fn parse(bytes: &[u8]) -> Result<Samples, Fault> {
    let mut lines = bytes.split_inclusive(|byte| *byte == b'\n').enumerate();
    let (_, first) = lines.next().unwrap_or((0, b""));
    let header = parse_header(first)?;
    let mut samples = Vec::new();
    let mut warning = None;
    for (index, line) in lines {
        let cut = !line.ends_with(b"\n");
        match serde_json::from_slice(line) {
            Ok(Line::Sample(sample)) => samples.push(sample),
            Ok(Line::Header(_)) => {
                return Err(Fault::Line(index + 1, "a second header".to_owned()));
            }
            Err(error) if cut => {
                warning = Some(format!(
                    "line {} is cut and was left out: {}",
                    index + 1,
                    cause(&error)
                ));
            }
            Err(error) => return Err(Fault::Line(index + 1, cause(&error))),
        }
    }
    Ok(Samples {
        header,
        samples,
        warning,
    })
}

/// The schema is looked at first: what a newer one looks like is not known here.
fn parse_header(line: &[u8]) -> Result<Header, Fault> {
    #[derive(Deserialize)]
    struct Version {
        schema: u64,
    }

    let broken = |cause: String| Fault::Line(1, format!("no header of a samples file: {cause}"));
    let version: Version = serde_json::from_slice(line).map_err(|error| broken(cause(&error)))?;
    if version.schema > u64::from(SCHEMA) {
        return Err(Fault::Newer(version.schema));
    }
    match serde_json::from_slice(line) {
        Ok(Line::Header(header)) => Ok(header),
        Ok(Line::Sample(_)) => Err(broken("it is a sample".to_owned())),
        Err(error) => Err(broken(cause(&error))),
    }
}

/// The message of `serde_json` without its place, which would count lines within our line.
fn cause(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    text.strip_suffix(&place)
        .map_or(text.clone(), str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::measure::environment::Environment;
    use crate::record::{Model, Outcome, Phases, RunRecord};

    fn header() -> Header {
        Header {
            schema: SCHEMA,
            version: "1".to_owned(),
            command: "versus run".to_owned(),
            started_s: 0,
            seed: 1,
            blocks: 10,
            scenarios: Vec::new(),
            environment: Environment::default(),
        }
    }

    fn sample(block: u32) -> Sample {
        Sample {
            scenario: "job".to_owned(),
            case: "small".to_owned(),
            contestant: "threads".to_owned(),
            workers: 2,
            block,
            position: 0,
            control: false,
            wall_ns: u64::MAX,
            cpu: None,
            record: RunRecord {
                schema: 1,
                scenario: "job".to_owned(),
                case: None,
                model: Model::Threads,
                workers: 2,
                version: "1".to_owned(),
                unoptimised: false,
                phases: Phases::default(),
                cpu: None,
                outcome: Outcome::default(),
                latency: None,
                spans: Vec::new(),
            },
            more: [("later".to_owned(), serde_json::json!([1]))].into(),
        }
    }

    fn written() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.jsonl");
        let mut writer = Writer::create(&path, &header()).unwrap();
        writer.append(&sample(0)).unwrap();
        writer.append(&sample(1)).unwrap();
        fs::read(path).unwrap()
    }

    fn broken(bytes: &[u8]) -> (usize, String) {
        match parse(bytes) {
            Err(Fault::Line(line, cause)) => (line, cause),
            Err(Fault::Newer(found)) => panic!("newer: {found}"),
            Ok(samples) => panic!("{samples:?}"),
        }
    }

    #[test]
    fn what_was_written_is_read_again_with_unknown_fields() {
        let Ok(read) = parse(&written()) else {
            panic!("broken")
        };
        assert_eq!(read.header, header());
        assert_eq!(read.samples, [sample(0), sample(1)]);
        assert_eq!(read.warning, None);
    }

    #[test]
    fn a_cut_last_line_is_left_out_with_a_warning() {
        let bytes = written();
        let Ok(read) = parse(&bytes[..bytes.len() - 20]) else {
            panic!("broken")
        };
        assert_eq!(read.samples, [sample(0)]);
        assert!(read.warning.unwrap().contains("line 3 is cut"));
    }

    #[test]
    fn a_broken_line_in_the_middle_is_an_error_with_its_number() {
        let text = String::from_utf8(written()).unwrap();
        let (line, cause) = broken(text.replacen("\"block\":0", "\"block\":-", 1).as_bytes());
        assert_eq!(line, 2, "{cause}");
        assert!(!cause.contains("column"), "{cause}");
    }

    #[test]
    fn a_file_without_header_is_refused() {
        assert_eq!(broken(b"").0, 1);
        assert_eq!(broken(b"hello\n").0, 1);
        assert_eq!(broken(b"{\"line\":\"sample\",\"schema\":1}\n").0, 1);
    }

    #[test]
    fn a_newer_schema_is_refused_by_its_number_whatever_else_is_new() {
        let newer = parse(b"{\"schema\":7,\"who\":\"knows\"}\n");
        assert!(matches!(newer, Err(Fault::Newer(7))));
    }
}
