//! Statuses, what to wait for before the next try, and redirects: all of it sound HTTP.

use std::time::{Duration, SystemTime};

use hyper::StatusCode;
use hyper::header::{HeaderValue, LOCATION, RETRY_AFTER, WWW_AUTHENTICATE};

use super::Site;
use super::body::Source;
use super::page::{Head, Page};
use super::query::{Query, number};
use super::router::{Asked, Reply, say};

/// Answers request after request for one path with the next status of `list`; the last stays.
pub(crate) async fn sequence(asked: &Asked<'_>, site: &Site, list: &str) -> Result<Reply, String> {
    let statuses = list
        .split(',')
        .map(status)
        .collect::<Result<Vec<_>, String>>()?;
    let count = site.statistics.key(asked.path) as usize;
    let status = statuses[count.min(statuses.len() - 1)];
    if status == StatusCode::OK {
        return Page::new(1).reply(site, asked.headers, &asked.query).await;
    }
    let mut reply = say(status, &format!("{status}, as asked for"));
    if let Reply::Http { head, .. } = &mut reply {
        if let Some(value) = retry_after(&asked.query)? {
            head.headers.insert(RETRY_AFTER, value);
        }
        if status == StatusCode::UNAUTHORIZED {
            head.headers.insert(
                WWW_AUTHENTICATE,
                HeaderValue::from_static("Basic realm=\"site\""),
            );
        }
    }
    Ok(reply)
}

/// A final status: 1xx comes before an answer and is none.
fn status(text: &str) -> Result<StatusCode, String> {
    text.parse::<StatusCode>()
        .ok()
        .filter(|status| status.as_u16() >= 200)
        .ok_or_else(|| format!("{text:?} is no status from 200 to 999"))
}

/// `retry-after=2` as it stands, whatever it is; `retry-after=+2` as the date in two seconds.
fn retry_after(query: &Query<'_>) -> Result<Option<HeaderValue>, String> {
    let Some(value) = query.text("retry-after") else {
        return Ok(None);
    };
    let value = match value.strip_prefix('+') {
        Some(seconds) => {
            let later = Duration::from_secs(number(seconds)?);
            let date = SystemTime::now()
                .checked_add(later)
                .filter(|date| *date < year_10000());
            httpdate::fmt_http_date(date.ok_or("retry-after: too far away")?)
        }
        None => value,
    };
    header(value.as_bytes()).map(Some)
}

/// HTTP writes years with four digits.
#[expect(
    clippy::duration_suboptimal_units,
    reason = "the number of seconds is what is known of that date"
)]
fn year_10000() -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(253_402_300_800)
}

/// `/redirect/3` leads to `/redirect/2` and so on; the last to page 1.
pub(crate) fn redirects(asked: &Asked<'_>, left: &str) -> Result<Reply, String> {
    let location = match number(left)? {
        0 | 1 => "/page/1".to_owned(),
        left => format!("/redirect/{}", left - 1),
    };
    redirect(asked, Some(location.as_bytes()))
}

/// A redirect to `location` as it stands, or to nowhere.
pub(crate) fn redirect(asked: &Asked<'_>, location: Option<&[u8]>) -> Result<Reply, String> {
    let status = asked
        .query
        .parse("status", status)?
        .unwrap_or(StatusCode::FOUND);
    let mut reply = Head::new().reply(status, Source::empty(), None);
    if let (Reply::Http { head, .. }, Some(location)) = (&mut reply, location) {
        head.headers.insert(LOCATION, header(location)?);
    }
    Ok(reply)
}

fn header(value: &[u8]) -> Result<HeaderValue, String> {
    HeaderValue::from_bytes(value).map_err(|error| {
        format!(
            "{:?} cannot stand in a header: {error}",
            String::from_utf8_lossy(value)
        )
    })
}
