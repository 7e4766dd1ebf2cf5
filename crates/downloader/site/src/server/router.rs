//! Which path is answered how.

use std::fmt::Write;

use hyper::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_RANGE, CONTENT_TYPE, HOST, HeaderMap, HeaderValue,
};
use hyper::http::response;
use hyper::{Method, Request, StatusCode};

use super::body::Source;
use super::compressed::{self, Flaw};
use super::cut::{self, Then};
use super::page::{Head, Page};
use super::query::{Manner, Query, number, size};
use super::script::Script;
use super::{Site, broken, catalogue, status};

/// How a request is answered.
pub(crate) enum Reply {
    /// By hyper, as HTTP has it.
    Http {
        head: Box<response::Parts>,
        source: Source,
        rate: Option<u64>,
    },
    /// On the connection itself.
    Raw(Script),
}

/// A request, taken apart.
pub(crate) struct Asked<'a> {
    /// All of it: with a KEY in it, what its requests are counted by.
    pub(crate) path: &'a str,
    /// The first part of the path.
    pub(crate) name: &'a str,
    /// The parts behind it.
    pub(crate) rest: Vec<&'a str>,
    pub(crate) query: Query<'a>,
    pub(crate) headers: &'a HeaderMap,
}

impl<'a> Asked<'a> {
    fn new<B>(request: &'a Request<B>) -> Self {
        let path = request.uri().path();
        let mut parts = path.strip_prefix('/').unwrap_or(path).split('/');
        Self {
            path,
            name: parts.next().unwrap_or_default(),
            rest: parts.collect(),
            query: Query::new(request.uri().query()),
            headers: request.headers(),
        }
    }

    /// What URLs of this site begin with, as the client wrote it. What scheme it used is not seen here.
    fn base(&self) -> String {
        format!("http://{}", host(self.headers))
    }
}

/// Whether the request counts in the statistics: those about the statistics do not.
pub(crate) fn counts<B>(request: &Request<B>) -> bool {
    !matches!(request.uri().path(), "/stats" | "/reset-stats")
}

/// The host that was asked, as it was written.
pub(crate) fn host(headers: &HeaderMap) -> &str {
    let host = headers.get(HOST).and_then(|host| host.to_str().ok());
    host.unwrap_or_default()
}

/// The answer to `request`, after its latency.
pub(crate) async fn reply<B>(site: &Site, request: &Request<B>) -> Reply {
    let asked = Asked::new(request);
    let reply = match (request.method(), asked.name) {
        (&Method::POST, "reset-stats") => {
            site.statistics.reset();
            Ok(say(StatusCode::OK, "reset"))
        }
        (_, "reset-stats") => Ok(not_allowed("POST")),
        (&Method::GET | &Method::HEAD, _) => route(&asked, site).await,
        _ => Ok(not_allowed("GET, HEAD")),
    };
    match reply.unwrap_or_else(|error| say(StatusCode::BAD_REQUEST, &error)) {
        Reply::Http { head, source, .. } if request.method() == Method::HEAD => {
            without_body(head, &source)
        }
        reply => reply,
    }
}

async fn route(asked: &Asked<'_>, site: &Site) -> Result<Reply, String> {
    match (asked.name, asked.rest.as_slice()) {
        ("page", [page]) => numbered(asked, site, page, true).await,
        ("no-range", [page]) => numbered(asked, site, page, false).await,
        ("status", [list, _key]) => status::sequence(asked, site, list).await,
        ("redirect", [left]) => status::redirects(asked, left),
        ("redirect-loop", []) => status::redirect(asked, Some(b"/redirect-loop")),
        ("redirect-nowhere", []) => status::redirect(asked, None),
        ("redirect-to", []) => {
            let location = asked.query.bytes("url").ok_or("url: missing")?;
            status::redirect(asked, Some(&location))
        }
        ("cut", [sent]) => cut::page(asked, site, number(sent)?, Then::Close).await,
        ("reset", [sent]) => cut::page(asked, site, number(sent)?, Then::Reset).await,
        ("stall", [sent]) => cut::page(asked, site, number(sent)?, Then::Silence).await,
        ("cut-once", [_key]) => cut::first_requests(asked, site).await,
        ("", []) => Ok(say(StatusCode::OK, &catalogue::examples(&asked.base()))),
        ("urls", []) => urls(asked, site),
        ("stats", []) => statistics(site),
        _ => unwaited(asked, site),
    }
}

/// Answers that are not those of a page, and come at once.
fn unwaited(asked: &Asked<'_>, site: &Site) -> Result<Reply, String> {
    let manner = Manner::new(&site.options, &asked.query)?;
    let flawed = |flaw| compressed::flawed(site, Page::new(1), manner.size, flaw);
    let page = Page::new(1).plain(site, manner.size);
    match (asked.name, asked.rest.as_slice()) {
        ("partial-unasked", []) => Ok(partial(page)),
        ("gzip-bomb", []) => {
            compressed::bomb(asked.query.parse("size", size)?.unwrap_or(10_000_000_000))
        }
        ("gzip-garbled", []) => flawed(Flaw::Garbled),
        ("gzip-short", []) => flawed(Flaw::Short),
        ("gzip-checksum", []) => flawed(Flaw::Checksum),
        ("gzip-plain", []) => flawed(Flaw::Plain),
        ("unknown-encoding", []) => Ok(compressed::encoded("snail", page)),
        _ => Ok(
            match broken::script(asked, site, manner.size, manner.rate)? {
                Some(script) => Reply::Raw(script),
                None => say(
                    StatusCode::NOT_FOUND,
                    "no such path; / lists those that there are",
                ),
            },
        ),
    }
}

/// The page with a number, if there is one.
async fn numbered(
    asked: &Asked<'_>,
    site: &Site,
    page: &str,
    ranges: bool,
) -> Result<Reply, String> {
    let pages = site.options.pages;
    match page.parse() {
        Ok(number) if (1..=pages).contains(&number) => {
            let page = Page {
                ranges,
                ..Page::new(number)
            };
            page.reply(site, asked.headers, &asked.query).await
        }
        _ => Ok(say(
            StatusCode::NOT_FOUND,
            &format!("there are the pages 1 to {pages}"),
        )),
    }
}

/// The second half of a page, though nobody asked for a part of it.
fn partial(page: Source) -> Reply {
    let size = page.left();
    let first = size / 2;
    let mut head = Head::new();
    head.set(
        CONTENT_RANGE,
        &format!("bytes {first}-{}/{size}", size.saturating_sub(1)),
    );
    head.reply(
        StatusCode::PARTIAL_CONTENT,
        page.part(first, size - first),
        None,
    )
}

/// Every page's URL on a line, with what stands in `append` behind it.
fn urls(asked: &Asked<'_>, site: &Site) -> Result<Reply, String> {
    let count = asked
        .query
        .parse("count", number)?
        .unwrap_or(site.options.pages);
    let append = asked.query.text("append").unwrap_or_default();
    let base = asked.base();
    let mut list = String::new();
    for page in 1..=count.min(site.options.pages) {
        // Writing to a string cannot fail.
        let _ = writeln!(list, "{base}/page/{page}{append}");
    }
    Ok(plain(StatusCode::OK, list))
}

fn statistics(site: &Site) -> Result<Reply, String> {
    let json = site
        .statistics
        .to_json()
        .map_err(|error| error.to_string())?;
    let mut head = Head::new();
    head.set(CONTENT_TYPE, "application/json");
    head.set(CACHE_CONTROL, "no-store");
    Ok(head.reply(StatusCode::OK, Source::Whole(json.into()), None))
}

/// A short text for people.
pub(crate) fn say(status: StatusCode, text: &str) -> Reply {
    plain(status, format!("{text}\n"))
}

fn plain(status: StatusCode, text: String) -> Reply {
    let mut head = Head::new();
    head.set(CONTENT_TYPE, "text/plain; charset=utf-8");
    head.reply(status, Source::Whole(text.into()), None)
}

fn not_allowed(allowed: &str) -> Reply {
    let mut head = Head::new();
    head.set(ALLOW, allowed);
    head.reply(StatusCode::METHOD_NOT_ALLOWED, Source::empty(), None)
}

/// The same head for HEAD: with the length of the body that GET would have.
fn without_body(mut head: Box<response::Parts>, source: &Source) -> Reply {
    if head.status != StatusCode::NOT_MODIFIED && head.status != StatusCode::NO_CONTENT {
        head.headers
            .insert(CONTENT_LENGTH, HeaderValue::from(source.left()));
    }
    Reply::Http {
        head,
        source: Source::empty(),
        rate: None,
    }
}
