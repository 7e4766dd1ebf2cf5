//! Reading what a contestant printed: exactly one run record, which agrees with the plan.

use std::fmt::Debug;
use std::fs::File;
use std::io::{self, Read};

use serde::Deserialize;
use sha2::{Digest, Sha256};

use super::Entrant;
use super::process::harmless;
use crate::measure::samples::Output;
use crate::record::{RunRecord, SCHEMA};

/// How much of something that is no record is shown.
const SHOWN_CHARS: usize = 200;
/// Far more than a record with a span for each of 100,000 tasks has.
const LIMIT_BYTES: u64 = 256 << 20;

/// Why what a contestant printed is of no use. Reads on after its name.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    /// Not a record.
    #[error("printed no run record ({cause}) but {shown}")]
    Rubbish {
        /// Why it is none.
        cause: String,
        /// How it begins.
        shown: String,
    },
    /// More than any record needs.
    #[error("printed more than {} MiB instead of a run record", LIMIT_BYTES >> 20)]
    TooLong,
    /// A newer program wrote it.
    #[error(
        "printed a run record of schema {found}, and this version reads up to {SCHEMA}: use a newer one"
    )]
    Newer {
        /// Its schema.
        found: u64,
    },
    /// It did something else than it was started for.
    #[error(
        "did not do what it was started for: {field} is {found} in its run record, {planned} in the plan"
    )]
    Disagrees {
        /// Which field of the record.
        field: &'static str,
        /// What it says.
        found: String,
        /// What it should say.
        planned: String,
    },
    /// It did nothing that could be compared.
    #[error(
        "had nothing to do: 0 items in its run record, so its time is that of no work; look at the input"
    )]
    NoItems,
    /// It did nothing right.
    #[error("failed in all of its {0} items, so its time is that of no work")]
    AllFailed(u64),
    /// It has not noticed what is bad.
    #[error("failed in none of its {0} items, in a case where some are bad on purpose (`failing`)")]
    NoneFailed(u64),
    /// The file with its output could not be read.
    #[error("printed what cannot be read: {0}")]
    Read(io::Error),
}

/// Reads the record that `entrant` printed.
pub(super) fn read(stdout: File, entrant: &Entrant) -> Result<RunRecord, ReplyError> {
    let mut bytes = Vec::new();
    stdout
        .take(LIMIT_BYTES + 1)
        .read_to_end(&mut bytes)
        .map_err(ReplyError::Read)?;
    if bytes.len() as u64 > LIMIT_BYTES {
        return Err(ReplyError::TooLong);
    }
    let record = parse(&bytes)?;
    agree("scenario", &record.scenario, &entrant.scenario)?;
    agree("model", &record.model.name(), &entrant.plan.model.name())?;
    agree("workers", &record.workers, &entrant.plan.workers)?;
    if record.outcome.items == 0 {
        return Err(ReplyError::NoItems);
    }
    if record.outcome.failed >= record.outcome.items {
        return Err(ReplyError::AllFailed(record.outcome.items));
    }
    if entrant.failing && record.outcome.failed == 0 {
        return Err(ReplyError::NoneFailed(record.outcome.items));
    }
    Ok(record)
}

/// What a command printed, as a digest.
pub(super) fn digest(mut stdout: File) -> Result<Output, ReplyError> {
    let mut hash = HashingWriter(Sha256::new());
    let bytes = io::copy(&mut stdout, &mut hash).map_err(ReplyError::Read)?;
    let digest = hash.0.finalize();
    Ok(Output {
        bytes,
        checksum: digest
            .iter()
            .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}")),
    })
}

struct HashingWriter(Sha256);

impl io::Write for HashingWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The schema is looked at first: what a newer one looks like is not known here.
fn parse(bytes: &[u8]) -> Result<RunRecord, ReplyError> {
    #[derive(Deserialize)]
    struct Version {
        schema: u64,
    }

    let rubbish = |error: &serde_json::Error| ReplyError::Rubbish {
        cause: error.to_string(),
        shown: beginning(bytes),
    };
    let version: Version = serde_json::from_slice(bytes).map_err(|error| rubbish(&error))?;
    if version.schema > u64::from(SCHEMA) {
        return Err(ReplyError::Newer {
            found: version.schema,
        });
    }
    serde_json::from_slice(bytes).map_err(|error| rubbish(&error))
}

fn agree<T: PartialEq<T> + Debug>(
    field: &'static str,
    found: &T,
    planned: &T,
) -> Result<(), ReplyError> {
    if found == planned {
        return Ok(());
    }
    Err(ReplyError::Disagrees {
        field,
        found: format!("{found:?}"),
        planned: format!("{planned:?}"),
    })
}

fn beginning(bytes: &[u8]) -> String {
    // A character has at most four bytes: no need to decode all of a large output.
    let text = String::from_utf8_lossy(&bytes[..bytes.len().min(4 * SHOWN_CHARS)]);
    let text = text.trim();
    if text.is_empty() {
        return "nothing".to_owned();
    }
    let shown: String = text.chars().take(SHOWN_CHARS).collect();
    let more = if shown.len() < text.len() { " ..." } else { "" };
    format!("`{}`{more}", harmless(&shown.replace('\n', " ")))
}

#[cfg(test)]
mod tests {
    use std::io::{Seek, Write};

    use super::*;
    use crate::measure::runner::{Reply, Start};
    use crate::measure::samples::ContestantPlan;
    use crate::record::Model;

    const GOOD: &str = r#"{"schema":1,"scenario":"job","model":"threads","workers":2,"version":"1",
        "phases":{"startup_ns":1,"work_ns":2,"shutdown_ns":3},"later":true,
        "outcome":{"items":1,"failed":0,"bytes":5,"checksum":"ab"}}"#;

    fn reply(printed: &str) -> Result<RunRecord, ReplyError> {
        let mut file = tempfile::tempfile().unwrap();
        file.write_all(printed.as_bytes()).unwrap();
        file.rewind().unwrap();
        let plan = ContestantPlan {
            name: "threads".to_owned(),
            model: Model::Threads,
            workers: 2,
            command: None,
            own_checksum: false,
        };
        let entrant = Entrant {
            scenario: "job".to_owned(),
            case: "small".to_owned(),
            failing: false,
            plan,
            start: Start {
                program: "job".into(),
                args: Vec::new(),
            },
            reply: Reply::Record,
            may_decline: false,
        };
        read(file, &entrant)
    }

    fn refused(printed: &str) -> String {
        reply(printed).unwrap_err().to_string()
    }

    #[test]
    fn a_record_is_read_whatever_a_newer_program_adds() {
        assert_eq!(reply(&format!("{GOOD}\n")).unwrap().outcome.checksum, "ab");
    }

    #[test]
    fn rubbish_is_shown_up_to_200_characters() {
        let error = refused(&"é\x1b\n".repeat(1000));
        assert!(error.starts_with("printed no run record ("), "{error}");
        assert!(
            error.ends_with("` ...") && !error.contains('\x1b'),
            "{error}"
        );
        assert_eq!(error.matches('é').count(), 67, "{error}");
        assert!(refused(" \n").ends_with("but nothing"));
    }

    #[test]
    fn two_records_and_anything_around_one_are_rubbish() {
        for printed in [
            format!("{GOOD}{GOOD}"),
            format!("hello\n{GOOD}"),
            format!("{GOOD}\nbye"),
        ] {
            assert!(refused(&printed).contains("no run record"), "{printed}");
        }
    }

    #[test]
    fn a_newer_schema_is_refused_by_its_number() {
        let error = refused(r#"{"schema":9,"all":"new"}"#);
        assert!(
            error.contains("schema 9, and this version reads up to 1"),
            "{error}"
        );
    }

    #[test]
    fn a_record_of_another_run_is_refused() {
        for (from, to, said) in [
            (
                "\"job\"",
                "\"jab\"",
                "scenario is \"jab\" in its run record, \"job\" in the plan",
            ),
            ("\"threads\"", "\"processes\"", "model is \"processes\""),
            (
                "\"workers\":2",
                "\"workers\":3",
                "workers is 3 in its run record, 2 in the plan",
            ),
        ] {
            let error = refused(&GOOD.replace(from, to));
            assert!(error.contains(said), "{error}");
        }
    }
}
