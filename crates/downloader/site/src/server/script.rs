//! Answers that break HTTP on purpose: what is written to the connection, byte by byte, and how it ends.

use std::io;
use std::time::Duration;

use hyper::body::Bytes;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, ReadHalf, WriteHalf};
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};

use super::statistics::InFlight;

/// What a client gets to read it, before the connection is reset: a reset overtakes what was sent.
const BEFORE_RESET: Duration = Duration::from_millis(50);

/// What a client gets to close its side, before ours is closed whatever it does.
const BEFORE_CLOSE: Duration = Duration::from_secs(1);

/// A connection, encrypted or not.
pub(crate) trait Link: AsyncRead + AsyncWrite + Unpin + Send + 'static {
    /// The connection below.
    fn tcp(&self) -> &TcpStream;
}

impl Link for TcpStream {
    fn tcp(&self) -> &TcpStream {
        self
    }
}

impl Link for tokio_rustls::server::TlsStream<TcpStream> {
    fn tcp(&self) -> &TcpStream {
        self.get_ref().0
    }
}

/// One thing that the server does.
#[derive(Clone, Debug)]
pub(crate) enum Step {
    /// Writes the bytes at once.
    Send(Bytes),
    /// Writes the bytes one by one, `every` so often.
    Drip { bytes: Bytes, every: Duration },
    /// Writes the bytes again and again until the client leaves, as fast as it reads or `every` so often.
    Endless { bytes: Bytes, every: Duration },
    /// Says nothing until the client leaves.
    Silence,
}

/// How the connection ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum End {
    /// In order, as if all were said.
    Close,
    /// With a TCP reset.
    Reset,
}

/// An answer that is played on the connection itself.
#[derive(Clone, Debug)]
pub(crate) struct Script {
    pub(crate) steps: Vec<Step>,
    pub(crate) end: End,
}

impl Script {
    pub(crate) fn send(bytes: impl Into<Bytes>) -> Self {
        Self {
            steps: vec![Step::Send(bytes.into())],
            end: End::Close,
        }
    }

    pub(crate) fn then(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    pub(crate) fn end(mut self, end: End) -> Self {
        self.end = end;
        self
    }

    /// Plays all of it, or until the client leaves.
    pub(crate) async fn play<L: Link>(
        self,
        link: L,
        in_flight: Option<InFlight>,
    ) -> io::Result<()> {
        let (mut reader, mut writer) = tokio::io::split(link);
        let played = tokio::select! {
            played = write(&mut writer, &self.steps) => played,
            // Also what notices that a client left which is only waited with.
            () = left(&mut reader) => Ok(()),
        };
        drop(in_flight);
        played?;
        match self.end {
            End::Close => close(reader, writer).await,
            End::Reset => {
                sleep(BEFORE_RESET).await;
                reader.unsplit(writer).tcp().set_zero_linger()
            }
        }
    }
}

async fn write<L: Link>(writer: &mut WriteHalf<L>, steps: &[Step]) -> io::Result<()> {
    for step in steps {
        match step {
            Step::Send(bytes) => send(writer, bytes).await?,
            Step::Drip { bytes, every } => {
                for byte in bytes.chunks(1) {
                    send(writer, byte).await?;
                    sleep(*every).await;
                }
            }
            Step::Endless { bytes, every } => loop {
                send(writer, bytes).await?;
                // Even no time at all would be rounded up to a tick of the clock.
                if !every.is_zero() {
                    sleep(*every).await;
                }
            },
            Step::Silence => std::future::pending().await,
        }
    }
    Ok(())
}

async fn send<L: Link>(writer: &mut WriteHalf<L>, bytes: &[u8]) -> io::Result<()> {
    writer.write_all(bytes).await?;
    writer.flush().await
}

/// Ends when the client has closed its side. What it still says is not heard.
async fn left<L: Link>(reader: &mut ReadHalf<L>) {
    let mut unheard = [0; 1024];
    while reader.read(&mut unheard).await.is_ok_and(|count| count > 0) {}
}

/// Closes our side first: closing a socket with unread bytes would be a reset.
async fn close<L: Link>(mut reader: ReadHalf<L>, mut writer: WriteHalf<L>) -> io::Result<()> {
    writer.shutdown().await?;
    // A client that keeps its side open has had its time: that is no error of ours.
    let _ = timeout(BEFORE_CLOSE, left(&mut reader)).await;
    Ok(())
}
