//! A line a result.

use std::path::Path;

use serde::Serialize;

use crate::error::DownloadError;
use crate::task::Answer;

/// A result with what became of it.
pub(crate) struct Line<'a> {
    pub(crate) answer: &'a Answer,
    /// Where the page is; none if it was not kept, or not fetched.
    pub(crate) path: Option<&'a Path>,
}

/// What `--json-lines` prints.
#[derive(Serialize)]
struct Json<'a> {
    url: &'a str,
    status: Option<u16>,
    bytes: u64,
    seconds: f64,
    tries: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    sha256: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

impl Line<'_> {
    /// For people and for `cut`: status, bytes, seconds, URL, and path, digest or cause, between tabs.
    pub(crate) fn text(&self) -> String {
        let status = self
            .status()
            .map_or("-".to_owned(), |status| status.to_string());
        let last = match (&self.answer.result, self.path) {
            (Err(error), _) => format!("failed: {error}"),
            (Ok(_), Some(path)) => path.display().to_string(),
            (Ok(fetched), None) => fetched.digest.to_string(),
        };
        format!(
            "{status}\t{}\t{:.3}\t{}\t{}",
            self.bytes(),
            self.seconds(),
            shown(&self.answer.url),
            shown(&last)
        )
    }

    /// For programs.
    pub(crate) fn json(&self) -> serde_json::Result<String> {
        let fetched = self.answer.result.as_ref();
        serde_json::to_string(&Json {
            url: &self.answer.url,
            status: self.status(),
            bytes: self.bytes(),
            seconds: self.seconds(),
            tries: self.answer.tries,
            sha256: fetched.ok().map(|fetched| fetched.digest.to_string()),
            path: self.path.map(|path| path.display().to_string()),
            error: fetched.err().map(ToString::to_string),
        })
    }

    fn status(&self) -> Option<u16> {
        match &self.answer.result {
            Ok(fetched) => Some(fetched.status),
            Err(DownloadError::Status { code, .. }) => Some(*code),
            Err(_) => None,
        }
    }

    fn bytes(&self) -> u64 {
        self.answer
            .result
            .as_ref()
            .map_or(0, |fetched| fetched.bytes)
    }

    fn seconds(&self) -> f64 {
        let stamp = self.answer.stamp.as_ref();
        stamp.map_or(0.0, |stamp| stamp.duration().as_secs_f64())
    }
}

/// The result without what differs from run to run, for the checksum of the run: path and query (a server may
/// listen elsewhere the next time), status, bytes, digest.
pub(crate) fn canonical(answer: &Answer) -> String {
    let path = match url::Url::parse(&answer.url) {
        Ok(url) => url[url::Position::BeforePath..url::Position::AfterQuery].to_owned(),
        Err(_) => answer.url.clone(),
    };
    match &answer.result {
        Ok(fetched) => format!(
            "{path} {} {} {}\n",
            fetched.status, fetched.bytes, fetched.digest
        ),
        Err(_) => format!("{path} failed\n"),
    }
}

/// Without control characters, which would break the line or do worse to a terminal.
pub(crate) fn shown(text: &str) -> String {
    text.replace(char::is_control, "\u{fffd}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Digest, Fetched};

    fn answer(result: Result<Fetched, DownloadError>) -> Answer {
        Answer {
            url: "http://a:1/b\t?c=d#e".into(),
            part: String::new(),
            result,
            tries: 1,
            stamp: None,
        }
    }

    fn fetched() -> Fetched {
        Fetched {
            status: 200,
            bytes: 3,
            digest: Digest([7; 32]),
            name: None,
            resumed: 0,
        }
    }

    #[test]
    fn a_line_has_five_columns_whatever_is_in_them() {
        let good = answer(Ok(fetched()));
        let line = |answer, path| Line { answer, path }.text();
        let path = line(&good, Some(Path::new("out/b")));
        assert_eq!(path, "200\t3\t0.000\thttp://a:1/b\u{fffd}?c=d#e\tout/b");
        assert!(line(&good, None).ends_with(&format!("\t{}", "07".repeat(32))));
        let bad = answer(Err(DownloadError::Status {
            code: 404,
            retry_after: None,
        }));
        assert_eq!(
            line(&bad, None),
            "404\t0\t0.000\thttp://a:1/b\u{fffd}?c=d#e\tfailed: answered 404 Not Found"
        );
        let bad = answer(Err(DownloadError::NoAnswer));
        assert!(line(&bad, None).starts_with("-\t0\t"));
    }

    #[test]
    fn json_says_the_same() {
        let good = answer(Ok(fetched()));
        let json = Line {
            answer: &good,
            path: None,
        }
        .json()
        .unwrap();
        let value: serde_json::Value = serde_json::from_str(&json).unwrap();
        assert_eq!(
            (&value["status"], &value["bytes"]),
            (&200.into(), &3.into())
        );
        assert_eq!(value["sha256"], "07".repeat(32));
        assert!(value.get("error").is_none());
    }

    #[test]
    fn the_port_does_not_count() {
        let mut other = answer(Ok(fetched()));
        let one = canonical(&other);
        other.url = "https://b:2/b?c=d".into();
        assert_eq!(canonical(&other), one);
        other.url += "&x";
        assert_ne!(canonical(&other), one);
    }
}
