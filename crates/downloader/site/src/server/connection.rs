//! One connection. hyper speaks HTTP on it until a request asks for what HTTP forbids: then the
//! connection is taken from hyper and the answer is written to it raw.
//!
//! So every path is on the same port, also over TLS and also on a connection that was kept alive, as a
//! downloader meets it in the wild. A second port for what is broken would only be met by fresh connections.

use std::convert::Infallible;
use std::future::{Future, pending, poll_fn};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;

use super::Site;
use super::body::AnswerBody;
use super::router::{self, Reply};
use super::script::{Link, Script};
use super::statistics::InFlight;

/// What is to be played in place of an answer, from the service to the connection around it.
#[derive(Default)]
struct Takeover(Mutex<Option<(Script, Option<InFlight>)>>);

impl Takeover {
    fn slot(&self) -> std::sync::MutexGuard<'_, Option<(Script, Option<InFlight>)>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves `link` until either side ends it. How a client leaves is its own affair: no error is reported.
pub(crate) async fn serve<L: Link>(link: L, site: Arc<Site>) {
    let takeover = Arc::new(Takeover::default());
    let service = service_fn(|request| answer(&site, &takeover, request));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(link), service);
    // The service runs inside of `poll`, so whatever it leaves is there when `poll` returns.
    let taken = poll_fn(|context| match Pin::new(&mut connection).poll(context) {
        Poll::Ready(_) => Poll::Ready(None),
        Poll::Pending => match takeover.slot().take() {
            Some(taken) => Poll::Ready(Some(taken)),
            None => Poll::Pending,
        },
    })
    .await;
    if let Some((script, in_flight)) = taken {
        let link = connection.into_parts().io.into_inner();
        let _ = script.play(link, in_flight).await;
    }
}

fn answer(
    site: &Arc<Site>,
    takeover: &Arc<Takeover>,
    request: Request<Incoming>,
) -> impl Future<Output = Result<Response<AnswerBody>, Infallible>> + use<> {
    let (site, takeover) = (Arc::clone(site), Arc::clone(takeover));
    async move {
        let in_flight = router::counts(&request)
            .then(|| site.statistics.request(router::host(request.headers())));
        match router::reply(&site, &request).await {
            Reply::Http { head, source, rate } => {
                let body = AnswerBody::new(source, rate, in_flight);
                Ok(Response::from_parts(*head, body))
            }
            Reply::Raw(script) => {
                *takeover.slot() = Some((script, in_flight));
                pending().await
            }
        }
    }
}
