//! A client that takes nothing for granted: what comes is kept as it comes.

use std::io::{self, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

pub(crate) use downloader_site::Site;

mod broken;
mod compressed;
mod names;
mod pages;
mod process;
mod statuses;

/// Against hanging: far more than any answer here takes.
pub(crate) const LIMIT: Duration = Duration::from_secs(20);

pub(crate) fn program() -> &'static str {
    env!("CARGO_BIN_EXE_downloader-site")
}

pub(crate) fn start(options: &[&str]) -> Site {
    Site::start(program(), options).expect("the site starts")
}

/// What came of a request.
#[derive(Debug)]
pub(crate) struct Answer {
    /// The head, up to the empty line and without it; empty if there was none.
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
    /// How the connection ended, if not in order.
    pub(crate) error: Option<io::ErrorKind>,
}

impl Answer {
    fn new(bytes: &[u8], error: Option<io::ErrorKind>) -> Self {
        let end = bytes.windows(4).position(|four| four == b"\r\n\r\n");
        let (head, body) = match end {
            Some(end) => (&bytes[..end], &bytes[end + 4..]),
            None => (bytes, &[][..]),
        };
        Self {
            head: head.iter().map(|byte| char::from(*byte)).collect(),
            body: body.to_vec(),
            error,
        }
    }

    pub(crate) fn status(&self) -> u16 {
        let status = self.head.split(' ').nth(1);
        status
            .and_then(|status| status.parse().ok())
            .unwrap_or_else(|| panic!("no status in {:?}", self.head))
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(": ")?;
            field.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    /// The Content-Length that was declared.
    pub(crate) fn length(&self) -> Option<usize> {
        self.header("content-length")?.parse().ok()
    }
}

pub(crate) fn connect(site: &Site) -> TcpStream {
    let address = site.url().strip_prefix("http://").expect("an http URL");
    let stream = TcpStream::connect(address).expect("the site accepts");
    stream.set_read_timeout(Some(LIMIT)).expect("a time limit");
    stream
}

pub(crate) fn send(stream: &mut TcpStream, method: &str, path: &str, headers: &str) {
    let request = format!("{method} {path} HTTP/1.1\r\nHost: site.test\r\n{headers}\r\n");
    stream
        .write_all(request.as_bytes())
        .expect("the site reads");
}

/// Everything until the site closes.
pub(crate) fn read_all(stream: &mut TcpStream) -> Answer {
    let mut bytes = Vec::new();
    let error = stream.read_to_end(&mut bytes).err();
    Answer::new(&bytes, error.map(|error| error.kind()))
}

/// One answer, and the connection stays open.
pub(crate) fn read_one(stream: &mut TcpStream) -> Answer {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).expect("a head");
        head.push(byte[0]);
    }
    let mut answer = Answer::new(&head, None);
    answer.body = vec![0; answer.length().expect("a length")];
    stream.read_exact(&mut answer.body).expect("a body");
    answer
}

/// At least `count` bytes, of an answer that may never end.
pub(crate) fn read_some(stream: &mut TcpStream, count: usize) -> Vec<u8> {
    let mut bytes = vec![0; count];
    stream.read_exact(&mut bytes).expect("that many bytes");
    bytes
}

pub(crate) fn request(site: &Site, method: &str, path: &str, headers: &str) -> Answer {
    let mut stream = connect(site);
    send(
        &mut stream,
        method,
        path,
        &format!("{headers}Connection: close\r\n"),
    );
    read_all(&mut stream)
}

pub(crate) fn get(site: &Site, path: &str) -> Answer {
    request(site, "GET", path, "")
}

pub(crate) fn stats(site: &Site) -> serde_json::Value {
    serde_json::from_slice(&get(site, "/stats").body).expect("JSON")
}

/// Nothing comes for a while, and the connection stays open.
pub(crate) fn is_silent(stream: &mut TcpStream) -> bool {
    stream
        .set_read_timeout(Some(Duration::from_millis(300)))
        .expect("a time limit");
    let silent = stream.read(&mut [0]).is_err_and(|error| {
        matches!(
            error.kind(),
            io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut
        )
    });
    stream.set_read_timeout(Some(LIMIT)).expect("a time limit");
    silent
}
