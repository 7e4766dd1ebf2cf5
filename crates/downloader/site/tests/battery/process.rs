//! The program: how it starts, what it says, how it ends.

use std::io::{BufRead, BufReader, Read};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use downloader_site::{Site, SiteError};

use crate::battery::{LIMIT, get, program, start};

#[test]
fn a_port_in_use_is_an_error_that_names_it() {
    let site = start(&[]);
    let port = site.url().rsplit(':').next().expect("a port").to_owned();
    let output = Command::new(program())
        .args(["--until-stdin-closes", "--port", &port])
        .stdin(Stdio::null())
        .output()
        .expect("the program runs");
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{stderr}");
    assert!(
        stderr.contains(&format!("cannot listen on 127.0.0.1:{port} (--port)")),
        "{stderr}"
    );
    assert!(stderr.contains("in use"), "{stderr}");
    assert!(output.stdout.is_empty());
    assert!(matches!(
        Site::start(program(), ["--port", &port]),
        Err(SiteError::Ended { .. })
    ));
}

#[test]
fn it_ends_with_its_lifeline_and_with_its_handle() {
    let mut process = Command::new(program())
        .args(["--until-stdin-closes", "--latency", "10s"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    let mut line = String::new();
    let stdout = process.stdout.take().expect("stdout");
    BufReader::new(stdout).read_line(&mut line).expect("a line");
    let address = line
        .trim()
        .strip_prefix("listening on http://")
        .expect("the line")
        .to_owned();
    // Also with a client that waits for an answer.
    let _waiting = TcpStream::connect(&address).expect("it listens");
    drop(process.stdin.take());
    let started = Instant::now();
    while process.try_wait().expect("it is ours").is_none() {
        assert!(started.elapsed() < LIMIT, "it did not end");
        std::thread::sleep(Duration::from_millis(5));
    }
    let mut help = String::new();
    let mut stderr = process.stderr.take().expect("stderr");
    stderr.read_to_string(&mut help).expect("text");
    assert!(
        help.contains(&format!("curl -i 'http://{address}/gzip-bomb?size=10GB'")),
        "{help}"
    );

    let site = start(&["--tls"]);
    let address = site.url().strip_prefix("http://").expect("http").to_owned();
    let authority = site.ca_file().expect("an authority").to_owned();
    let pem = std::fs::read_to_string(&authority).expect("its file");
    assert!(pem.starts_with("-----BEGIN CERTIFICATE-----"));
    drop(site);
    assert!(TcpStream::connect(address).is_err());
    assert!(!authority.exists(), "its temporary file is still there");
}

#[test]
fn the_authority_is_written_where_it_was_asked_for() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("authority and more.pem");
    let option = file.to_str().expect("text");
    let site = start(&["--tls", "--ca-out", option]);
    assert_eq!(site.ca_file(), Some(file.as_path()));
    assert!(
        site.secure_url()
            .is_some_and(|url| url.starts_with("https://127.0.0.1:"))
    );
    drop(site);
    assert!(file.exists());
    let nowhere = folder.path().join("missing/ca.pem");
    let started = Site::start(
        program(),
        ["--tls", "--ca-out", nowhere.to_str().expect("text")],
    );
    assert!(matches!(started, Err(SiteError::Ended { .. })));
}

#[test]
fn what_does_not_start_is_named() {
    let error = Site::start("/no/such/program", [""; 0]).expect_err("there is none");
    assert!(
        error
            .to_string()
            .starts_with("cannot start /no/such/program: "),
        "{error}"
    );
    let error = Site::start(program(), ["--no-such-option"]).expect_err("it is none");
    assert!(
        error.to_string().contains("ended before it listened: "),
        "{error}"
    );
}

#[test]
fn several_threads_serve_the_same_pages() {
    let (one, four) = (start(&[]), start(&["--threads", "4"]));
    assert_eq!(get(&one, "/page/1").body, get(&four, "/page/1").body);
}
