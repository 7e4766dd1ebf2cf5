//! Writing and reading samples files.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{BlockState, Header, InputMade, Line, MemorySample, NotRun, SCHEMA, Sample};

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

    /// Adds a line. It is with the system when this returns: killing the process does not lose it.
    ///
    /// # Errors
    ///
    /// If the file cannot be written.
    pub fn append(&mut self, line: &Line) -> io::Result<()> {
        self.line(line)
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
    /// All runs, in the order in which they were made.
    pub samples: Vec<Sample>,
    /// The memory of contestants.
    pub memory: Vec<MemorySample>,
    /// The machine around blocks.
    pub blocks: Vec<BlockState>,
    /// The inputs that were made.
    pub inputs: Vec<InputMade>,
    /// The contestants that did not run.
    pub not_run: Vec<NotRun>,
    /// What the reader should know: that the last line was cut and left out, for instance.
    pub warning: Option<String>,
}

impl Samples {
    /// Nothing measured yet.
    pub fn new(header: Header) -> Self {
        Self {
            header,
            samples: Vec::new(),
            memory: Vec::new(),
            blocks: Vec::new(),
            inputs: Vec::new(),
            not_run: Vec::new(),
            warning: None,
        }
    }

    /// Adds what a line says.
    ///
    /// # Errors
    ///
    /// If it is a header: there is one already.
    pub fn add(&mut self, line: Line) -> Result<(), String> {
        match line {
            Line::Sample(sample) => self.samples.push(sample),
            Line::Memory(memory) => self.memory.push(memory),
            Line::Block(block) => self.blocks.push(block),
            Line::Input(input) => self.inputs.push(input),
            Line::NotRun(not_run) => self.not_run.push(not_run),
            Line::Header(_) => return Err("a second header".to_owned()),
        }
        Ok(())
    }
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
    let mut samples = Samples::new(parse_header(first)?);
    for (index, line) in lines {
        let broken = |cause| Fault::Line(index + 1, cause);
        match serde_json::from_slice(line) {
            Ok(line) => samples.add(line).map_err(broken)?,
            Err(error) if !line.ends_with(b"\n") => {
                let (number, cause) = (index + 1, cause(&error));
                samples.warning = Some(format!("line {number} is cut and was left out: {cause}"));
            }
            Err(error) => return Err(broken(cause(&error))),
        }
    }
    Ok(samples)
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
        Ok(_) => Err(broken("it is another kind of line".to_owned())),
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
            check_output: false,
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
            switches: None,
            faults: None,
            output: None,
            record: Some(RunRecord {
                schema: 1,
                scenario: "job".to_owned(),
                case: None,
                model: Model::Threads,
                workers: 2,
                processes: None,
                version: "1".to_owned(),
                unoptimised: false,
                phases: Phases::default(),
                cpu: None,
                outcome: Outcome::default(),
                latency: None,
                busy_ns: None,
                spans: Vec::new(),
            }),
            more: [("later".to_owned(), serde_json::json!([1]))].into(),
        }
    }

    fn written() -> Vec<u8> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("samples.jsonl");
        let mut writer = Writer::create(&path, &header()).unwrap();
        writer.append(&Line::Sample(sample(0))).unwrap();
        writer.append(&Line::Sample(sample(1))).unwrap();
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
    fn memory_and_machine_are_told_from_runs() {
        let memory = br#"{"line":"memory","scenario":"job","case":"small","contestant":"threads","workers":2,
            "pass":0,"peak_pss_bytes":3,"private_bytes":1,"shared_bytes":2,"peak_rss_sum_bytes":4,
            "processes":1,"looks":9}"#;
        let block =
            br#"{"line":"block","scenario":"job","case":"small","block":1,"cores_before":1.5}"#;
        let mut bytes = written();
        for line in [&memory[..], &block[..]] {
            bytes.extend(line.iter().filter(|byte| **byte != b'\n'));
            bytes.push(b'\n');
        }
        let Ok(read) = parse(&bytes) else {
            panic!("broken")
        };
        assert_eq!(read.samples.len(), 2);
        assert_eq!(
            (read.memory[0].peak_pss_bytes, read.memory[0].ran_ns),
            (3, None)
        );
        assert_eq!(
            (read.blocks[0].cores_before, read.blocks[0].cores_after),
            (Some(1.5), None)
        );
    }

    #[test]
    fn a_file_of_schema_1_is_read() {
        let file = br#"{"line":"header","schema":1,"version":"0","command":"versus","started_s":1,"seed":1,"blocks":1,"scenarios":[],"environment":{}}
{"line":"sample","scenario":"job","case":"small","contestant":"threads","workers":2,"block":0,"position":0,"control":false,"wall_ns":5,"record":{"schema":1,"scenario":"job","model":"threads","workers":2,"version":"1","phases":{"startup_ns":1,"work_ns":2,"shutdown_ns":3},"outcome":{"items":1,"failed":0,"bytes":5,"checksum":"ab"}}}
"#;
        let Ok(read) = parse(file) else {
            panic!("broken")
        };
        assert_eq!(read.header.schema, 1);
        assert_eq!(read.samples[0].switches, None);
        assert!(read.samples[0].record.is_some() && read.samples[0].more.is_empty());
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
