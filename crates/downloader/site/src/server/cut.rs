//! Pages whose answer stops in the middle: closed, reset, or silent from there on.

use hyper::body::Bytes;
use hyper::http::response;

use super::Site;
use super::body::Source;
use super::page::Page;
use super::query::{number, size};
use super::router::{Asked, Reply};
use super::script::{End, Script, Step};

/// So much of a body is held in memory at most, for answers that are written raw.
pub(crate) const MOST_RAW: u64 = 64 << 20;

/// What comes after the last byte.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Then {
    Close,
    Reset,
    Silence,
}

/// Page 1 as it was asked for, which stops after `sent` bytes of what its head promises.
pub(crate) async fn page(
    asked: &Asked<'_>,
    site: &Site,
    sent: u64,
    then: Then,
) -> Result<Reply, String> {
    let reply = Page::new(1)
        .reply(site, asked.headers, &asked.query)
        .await?;
    Ok(stopped(reply, sent, then))
}

/// The first `times` requests for a path are cut after `at` bytes, later ones are not: as on a bad line.
/// With `change` the page is another one after that.
pub(crate) async fn first_requests(asked: &Asked<'_>, site: &Site) -> Result<Reply, String> {
    let query = &asked.query;
    let count = site.statistics.key(asked.path);
    let times = query.parse("times", number)?.unwrap_or(1);
    let mut page = Page::new(1);
    if query.text("change").is_some() && count >= times {
        page.version = 1;
    }
    let reply = page.reply(site, asked.headers, query).await?;
    if count >= times {
        return Ok(reply);
    }
    let half = match &reply {
        Reply::Http { source, .. } => source.left() / 2,
        Reply::Raw(_) => 0,
    };
    Ok(stopped(
        reply,
        query.parse("at", size)?.unwrap_or(half),
        Then::Close,
    ))
}

fn stopped(reply: Reply, sent: u64, then: Then) -> Reply {
    let Reply::Http {
        head, mut source, ..
    } = reply
    else {
        return reply;
    };
    let head = written(&head, source.left());
    let body = collected(&mut source, sent.min(MOST_RAW));
    let script = Script::send(head).then(Step::Send(body));
    Reply::Raw(match then {
        Then::Close => script,
        Then::Reset => script.end(End::Reset),
        Then::Silence => script.then(Step::Silence),
    })
}

/// `head` as it stands on the wire, for a body of `length`.
fn written(head: &response::Parts, length: u64) -> Vec<u8> {
    let mut text = format!("HTTP/1.1 {}\r\ncontent-length: {length}\r\n", head.status).into_bytes();
    for (name, value) in &head.headers {
        text.extend_from_slice(name.as_str().as_bytes());
        text.extend_from_slice(b": ");
        text.extend_from_slice(value.as_bytes());
        text.extend_from_slice(b"\r\n");
    }
    text.extend_from_slice(b"\r\n");
    text
}

/// The next `most` bytes of `source` in one piece.
pub(crate) fn collected(source: &mut Source, most: u64) -> Bytes {
    let mut body = Vec::new();
    while let left @ 1.. = (most - body.len() as u64).min(source.left()) {
        body.extend_from_slice(&source.next(left));
    }
    body.into()
}
