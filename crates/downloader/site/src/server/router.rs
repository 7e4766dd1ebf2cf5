//! Which path is answered how.

use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, HOST, HeaderValue};
use hyper::http::response;
use hyper::{Method, Request, StatusCode};

use super::body::Source;
use super::page::{Head, Page};
use super::query::Query;
use super::script::Script;
use super::{Site, catalogue};

/// How a request is answered.
pub(crate) enum Reply {
    /// By hyper, as HTTP has it.
    Http {
        head: response::Parts,
        source: Source,
        rate: Option<u64>,
    },
    /// On the connection itself.
    Raw(Script),
}

/// Whether the request counts in the statistics: those about the statistics do not.
pub(crate) fn counts<B>(request: &Request<B>) -> bool {
    !matches!(request.uri().path(), "/stats" | "/reset-stats")
}

/// The host that was asked, as it was written.
pub(crate) fn host<B>(request: &Request<B>) -> &str {
    request
        .headers()
        .get(HOST)
        .and_then(|host| host.to_str().ok())
        .unwrap_or_default()
}

/// The answer to `request`, after its latency.
pub(crate) async fn reply<B>(site: &Site, request: &Request<B>) -> Reply {
    let reply = match route(site, request).await {
        Ok(reply) => reply,
        Err(error) => say(StatusCode::BAD_REQUEST, &error),
    };
    match reply {
        Reply::Http { head, source, .. } if request.method() == Method::HEAD => {
            without_body(head, &source)
        }
        reply => reply,
    }
}

async fn route<B>(site: &Site, request: &Request<B>) -> Result<Reply, String> {
    let path = request.uri().path();
    let query = Query::new(request.uri().query());
    match (request.method(), path) {
        (&Method::POST, "/reset-stats") => {
            site.statistics.reset();
            return Ok(say(StatusCode::OK, "reset"));
        }
        (_, "/reset-stats") => return Ok(not_allowed("POST")),
        (&Method::GET | &Method::HEAD, _) => {}
        _ => return Ok(not_allowed("GET, HEAD")),
    }
    let mut parts = path.trim_start_matches('/').split('/');
    let name = parts.next().unwrap_or_default();
    let rest: Vec<_> = parts.collect();
    match (name, rest.as_slice()) {
        ("page", [number]) => match page(site, number) {
            Some(page) => page.reply(site, request.headers(), &query).await,
            None => Ok(say(
                StatusCode::NOT_FOUND,
                &format!("there are the pages 1 to {}", site.options.pages),
            )),
        },
        ("", []) => Ok(say(StatusCode::OK, &catalogue::examples(&base(request)))),
        ("urls", []) => urls(site, &base(request), &query),
        ("stats", []) => statistics(site),
        _ => Ok(say(
            StatusCode::NOT_FOUND,
            "no such path; / lists those that there are",
        )),
    }
}

/// The page that a path names, if there is one.
fn page(site: &Site, number: &str) -> Option<Page> {
    let number = number.parse().ok()?;
    (1..=site.options.pages)
        .contains(&number)
        .then(|| Page::new(number))
}

/// What URLs of this site begin with. Over TLS the client said `https` and must know better.
fn base<B>(request: &Request<B>) -> String {
    format!("http://{}", host(request))
}

/// Every page's URL on a line, with what stands in `append` behind it.
fn urls(site: &Site, base: &str, query: &Query<'_>) -> Result<Reply, String> {
    let number = |text: &str| text.parse().map_err(|_| format!("{text:?} is no number"));
    let count = query.parse("count", number)?.unwrap_or(site.options.pages);
    let append = query.text("append").unwrap_or_default();
    let list = (1..=count.min(site.options.pages))
        .map(|page| format!("{base}/page/{page}{append}\n"))
        .collect::<String>();
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
fn without_body(mut head: response::Parts, source: &Source) -> Reply {
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
