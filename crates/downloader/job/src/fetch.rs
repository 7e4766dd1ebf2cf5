//! Fetching a page: one future, whoever awaits it.

use std::sync::Arc;
use std::time::SystemTime;

use harness::contestant::Stamp;
use reqwest::header::{
    ACCEPT_ENCODING, CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_RANGE, ETAG, HeaderMap,
    HeaderName, IF_RANGE, LAST_MODIFIED, LOCATION, RANGE, RETRY_AFTER,
};
use reqwest::{Client, Response, StatusCode};

use crate::body::{Body, Rest};
use crate::client;
use crate::digest::Digest;
use crate::error::{DownloadError, Reached};
use crate::notices::{Notice, Notices};
use crate::retry::{Retries, retry_after};
use crate::settings::Settings;
use crate::task::{Answer, Fetched, Task};

/// Fetches pages, over connections of its own; a clone shares them. Belongs to the runtime that it is first used
/// on: connections are served there.
#[derive(Clone, Debug)]
pub struct Fetcher {
    client: Client,
    settings: Arc<Settings>,
    notices: Arc<Notices>,
}

impl Fetcher {
    /// A fetcher without any connection yet.
    ///
    /// # Errors
    /// If the authorities to trust cannot be read.
    pub fn new(settings: &Settings) -> Result<Self, DownloadError> {
        Ok(Self {
            client: client::client(settings)?,
            settings: Arc::new(settings.clone()),
            notices: Arc::new(Notices::on(settings.notices.as_ref())),
        })
    }

    /// Does `task`. `slot` tells it from what else is under way on this thread.
    pub async fn answer(&self, slot: u16, task: Task) -> Answer {
        if let Some(fault) = task.fault.clone() {
            return task.answer(Err(fault), 0, None);
        }
        let mut tries = 0;
        let (result, stamp) = Stamp::of_waiting(slot, self.whole(slot, &task, &mut tries)).await;
        task.answer(result, tries, Some(stamp))
    }

    /// The whole page, within the time that all tries may take.
    async fn whole(
        &self,
        slot: u16,
        task: &Task,
        tries: &mut u32,
    ) -> Result<Fetched, DownloadError> {
        let mut body = Body::open(task, &self.settings)?;
        let notice = self.notices.begin(slot, &task.url);
        let tried = self.tried(&task.url, &mut body, notice, tries);
        let result = match self.settings.deadline {
            None => tried.await,
            Some(limit) => tokio::time::timeout(limit, tried)
                .await
                .unwrap_or(Err(DownloadError::Deadline(limit))),
        };
        if result.is_err() {
            body.abandon();
        }
        result
    }

    /// Tries until the page is whole or it is no use.
    async fn tried(
        &self,
        url: &str,
        body: &mut Body,
        mut notice: Notice<'_>,
        tries: &mut u32,
    ) -> Result<Fetched, DownloadError> {
        let mut retries = Retries::new(&self.settings);
        loop {
            *tries += 1;
            let error = match self.try_once(url, body, &mut notice).await {
                Ok(fetched) => return Ok(fetched),
                Err(error) => error,
            };
            match retries.next(&error) {
                Some(pause) => {
                    notice.say(|| format!("again in {:.1} s: {error}", pause.as_secs_f32()));
                    tokio::time::sleep(pause).await;
                }
                None => return Err(error),
            }
        }
    }

    async fn try_once(
        &self,
        url: &str,
        body: &mut Body,
        notice: &mut Notice<'_>,
    ) -> Result<Fetched, DownloadError> {
        let rest = body.rest();
        let failed = |error: &reqwest::Error, reached| {
            DownloadError::of(error, reached, self.settings.timeout)
        };
        let response = self.request(url, rest.as_ref()).await;
        let mut response = response.map_err(|error| failed(&error, Reached::default()))?;
        if let Some(digest) = prepare(&response, body, rest)? {
            return Ok(fetched(&response, body, digest));
        }
        loop {
            let chunk = response.chunk().await.map_err(|error| {
                let reached = Reached {
                    answered: true,
                    got: body.len(),
                    of: body.of,
                };
                failed(&error, reached)
            })?;
            match chunk {
                Some(chunk) => body.write(&chunk)?,
                None => break,
            }
            notice.came(body.len(), body.of);
        }
        let digest = body.finish()?;
        Ok(fetched(&response, body, digest))
    }

    async fn request(&self, url: &str, rest: Option<&Rest>) -> reqwest::Result<Response> {
        let mut request = self.client.get(url);
        if let Some(rest) = rest {
            // Bytes of the page itself, not of a compressed form of it, which this is not a piece of.
            request = request
                .header(RANGE, format!("bytes={}-", rest.from))
                .header(IF_RANGE, &rest.validator)
                .header(ACCEPT_ENCODING, "identity");
        }
        request.send().await
    }
}

/// Makes `body` ready for what `response` brings. If that is nothing, because everything is there already,
/// gives the digest.
fn prepare(
    response: &Response,
    body: &mut Body,
    rest: Option<Rest>,
) -> Result<Option<Digest>, DownloadError> {
    let (status, headers) = (response.status(), response.headers());
    match (status, rest) {
        (StatusCode::PARTIAL_CONTENT, Some(rest)) => {
            match goes_on(headers, &rest) {
                Ok(of) => body.go_on(of)?,
                Err(error) => {
                    // What is there already is of no use with this server.
                    body.begin(None, None)?;
                    return Err(error);
                }
            }
            Ok(None)
        }
        (StatusCode::PARTIAL_CONTENT, None) => {
            let what = "a part of the page, which nobody asked for";
            Err(DownloadError::Protocol(what.into()))
        }
        (StatusCode::RANGE_NOT_SATISFIABLE, Some(rest)) => {
            // All of it had come, and only the news of that was lost; or it is another page now.
            if range(headers).is_some_and(|(_, of)| of == Some(rest.from)) {
                body.go_on(Some(rest.from))?;
                return body.finish().map(Some);
            }
            body.begin(None, None)?;
            Err(DownloadError::Cut { got: 0, of: None })
        }
        (status, _) if status.is_success() => {
            known_encoding(headers)?;
            // None for a page that arrives compressed: its length and its pieces are not ours.
            let of = response.content_length();
            body.begin(of, of.and_then(|_| validator(headers)))?;
            Ok(None)
        }
        (status, _) if status.is_redirection() && status != StatusCode::NOT_MODIFIED => {
            let to = text(headers, LOCATION).map_or("nowhere".to_owned(), |to| format!("`{to}`"));
            let what = format!("redirected to {to}, which cannot be followed");
            Err(DownloadError::Redirect(what))
        }
        (status, _) => Err(DownloadError::Status {
            code: status.as_u16(),
            retry_after: text(headers, RETRY_AFTER)
                .and_then(|value| retry_after(value, SystemTime::now())),
        }),
    }
}

/// What was decoded has no Content-Encoding any more. What still has one would be saved as nobody can read it.
fn known_encoding(headers: &HeaderMap) -> Result<(), DownloadError> {
    match text(headers, CONTENT_ENCODING) {
        None | Some("identity" | "") => Ok(()),
        Some(other) => Err(DownloadError::Encoding(format!("`{other}` is not known"))),
    }
}

fn fetched(response: &Response, body: &Body, digest: Digest) -> Fetched {
    let name = response.headers().get(CONTENT_DISPOSITION);
    Fetched {
        status: match response.status() {
            // As if it had come at once: the page is whole.
            StatusCode::PARTIAL_CONTENT | StatusCode::RANGE_NOT_SATISFIABLE => 200,
            status => status.as_u16(),
        },
        bytes: body.len(),
        digest,
        name: name.and_then(|value| crate::disposition::file_name(value.as_bytes())),
        resumed: body.resumed,
    }
}

/// How many bytes the page has in all, if the server says; an error if this is not the rest that was asked for.
fn goes_on(headers: &HeaderMap, rest: &Rest) -> Result<Option<u64>, DownloadError> {
    let other =
        text(headers, ETAG).filter(|tag| rest.validator.starts_with('"') && *tag != rest.validator);
    match range(headers) {
        _ if other.is_some() => {
            let what = "a part of another version of the page than that which was asked for";
            Err(DownloadError::Protocol(what.into()))
        }
        Some((Some(from), of)) if from == rest.from => Ok(of),
        _ => {
            let what = format!("another part of the page than that from byte {}", rest.from);
            Err(DownloadError::Protocol(what))
        }
    }
}

/// The first byte and the length of the page, from `bytes 7-9/10`, `bytes 7-9/*` or `bytes */10`.
fn range(headers: &HeaderMap) -> Option<(Option<u64>, Option<u64>)> {
    let value = text(headers, CONTENT_RANGE)?.strip_prefix("bytes ")?;
    let (part, of) = value.split_once('/')?;
    let from = part.split_once('-').map(|(from, _)| from);
    Some((from.and_then(|from| from.parse().ok()), of.parse().ok()))
}

/// What names the version of a page: a strong tag, or else the time of its last change.
fn validator(headers: &HeaderMap) -> Option<String> {
    let tag = text(headers, ETAG).filter(|tag| !tag.starts_with("W/"));
    Some(tag.or_else(|| text(headers, LAST_MODIFIED))?.to_owned())
}

fn text(headers: &HeaderMap, name: HeaderName) -> Option<&str> {
    headers.get(name)?.to_str().ok()
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    fn headers(name: HeaderName, value: &'static str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_static(value))])
    }

    #[test]
    fn ranges_are_read() {
        let read = |value| range(&headers(CONTENT_RANGE, value));
        assert_eq!(read("bytes 7-9/10"), Some((Some(7), Some(10))));
        assert_eq!(read("bytes 7-9/*"), Some((Some(7), None)));
        assert_eq!(read("bytes */10"), Some((None, Some(10))));
        assert_eq!(read("lines 1-2/3"), None);
    }

    #[test]
    fn a_weak_tag_names_no_bytes() {
        let mut both = headers(ETAG, "W/\"1\"");
        assert_eq!(validator(&both), None);
        both.insert(LAST_MODIFIED, HeaderValue::from_static("yesterday"));
        assert_eq!(validator(&both).as_deref(), Some("yesterday"));
        both.insert(ETAG, HeaderValue::from_static("\"1\""));
        assert_eq!(validator(&both).as_deref(), Some("\"1\""));
    }
}
