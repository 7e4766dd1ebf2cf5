//! Listening sockets, and the loop that accepts.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context, Result};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsAcceptor;

use super::{Site, connection};

/// Connections that may wait to be accepted: more than a test opens at once. The system may allow fewer.
const BACKLOG: u32 = 16_384;

/// When no connection can be accepted, for want of descriptors as a rule, others get so long to end.
const AFTER_FAILURE: Duration = Duration::from_millis(10);

/// A socket on loopback.
pub(crate) struct Listener(TcpListener);

impl Listener {
    /// `option` is what the port was given with, for the error.
    pub(crate) fn bind(option: &str, port: u16) -> Result<Self> {
        let listen = || {
            let socket = TcpSocket::new_v4()?;
            // A port that a site has just left can be taken again; one that is listened on cannot.
            #[cfg(unix)]
            socket.set_reuseaddr(true)?;
            socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
            socket.listen(BACKLOG)
        };
        listen()
            .map(Self)
            .with_context(|| format!("cannot listen on 127.0.0.1:{port} ({option})"))
    }

    pub(crate) fn address(&self) -> Result<SocketAddr> {
        self.0.local_addr().context("cannot tell the port")
    }

    pub(crate) async fn serve(self, site: Arc<Site>) {
        loop {
            let stream = self.accept().await;
            let site = Arc::clone(&site);
            tokio::spawn(async move {
                let _open = site.statistics.connection();
                connection::serve(stream, site).await;
            });
        }
    }

    pub(crate) async fn serve_tls(self, acceptor: TlsAcceptor, site: Arc<Site>) {
        loop {
            let stream = self.accept().await;
            let (acceptor, site) = (acceptor.clone(), Arc::clone(&site));
            tokio::spawn(async move {
                let _open = site.statistics.connection();
                // A client that does not trust the authority leaves here, as it should.
                if let Ok(stream) = acceptor.accept(stream).await {
                    connection::serve(stream, site).await;
                }
            });
        }
    }

    async fn accept(&self) -> TcpStream {
        loop {
            match self.0.accept().await {
                Ok((stream, _)) => {
                    // Without it answers would merely be slower.
                    let _ = stream.set_nodelay(true);
                    return stream;
                }
                Err(error) => {
                    eprintln!("cannot accept a connection: {error}");
                    tokio::time::sleep(AFTER_FAILURE).await;
                }
            }
        }
    }
}

/// As many descriptors as the system lets this process have: each connection takes one.
pub(crate) fn allow_many_connections() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            eprintln!(
                "cannot raise the limit of open files, 1,000 connections at once may fail: {error}"
            );
        }
    }
}
