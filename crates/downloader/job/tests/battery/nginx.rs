//! The same bytes from a server that we have not written: nginx, with compression, ranges and TLS.

use std::process::Child;

use super::*;

/// A server of pages in `folder`, on a free port, until it is dropped.
struct Nginx {
    process: Child,
    port: u16,
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Nginx {
    /// None, said on stderr, where it or what makes its certificate is not installed.
    fn start(folder: &Path) -> Option<Self> {
        if !make_certificate(folder) {
            eprintln!("skipped: no openssl");
            return None;
        }
        // Free now, and hardly anybody else's in a moment.
        let port = std::net::TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        fs::write(folder.join("nginx.conf"), configuration(folder, port)).unwrap();
        let mut command = Command::new("nginx");
        command
            .arg("-p")
            .arg(folder)
            .args(["-c", "nginx.conf", "-e", "stderr"]);
        let Ok(process) = command.stderr(Stdio::null()).spawn() else {
            eprintln!("skipped: no nginx");
            return None;
        };
        let nginx = Self { process, port };
        wait_until("nginx listens", || {
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        Some(nginx)
    }
}

/// One that stands for its own authority.
fn make_certificate(folder: &Path) -> bool {
    let mut command = Command::new("openssl");
    command.current_dir(folder).args([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:prime256v1",
        "-nodes",
        "-days",
        "1",
        "-keyout",
        "key.pem",
        "-out",
        "ca.pem",
        "-subj",
        "/CN=localhost",
        "-addext",
        "subjectAltName=IP:127.0.0.1",
        "-addext",
        "basicConstraints=critical,CA:FALSE",
    ]);
    command
        .stderr(Stdio::null())
        .status()
        .is_ok_and(|status| status.success())
}

/// One process, in the foreground, that writes nowhere else.
fn configuration(folder: &Path, port: u16) -> String {
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
    let temporary =
        temporary.map(|kind| format!("{kind}_temp_path {}/tmp-{kind};", folder.display()));
    format!(
        "daemon off; master_process off; pid {0}/nginx.pid; events {{}}\n\
         http {{ access_log off; {1} gzip on; gzip_types *; gzip_min_length 0;\n\
         server {{ listen 127.0.0.1:{port} ssl; root {0}/www;\n\
         location /slow/ {{ gzip off; limit_rate 1m; }}\n\
         ssl_certificate {0}/ca.pem; ssl_certificate_key {0}/key.pem; }} }}\n",
        folder.display(),
        temporary.join(" ")
    )
}

#[test]
fn pages_of_nginx_come_as_they_are() {
    let dir = tempfile::tempdir().unwrap();
    let www = dir.path().join("www");
    fs::create_dir(&www).unwrap();
    let mut names = Vec::new();
    for (number, size) in [0, 1, 10_000, 300_000, 3_000_000].into_iter().enumerate() {
        let name = format!("{number}.txt");
        let text: String = (0..)
            .map(|line| format!("{number} {line}\n"))
            .take(size / 4 + 1)
            .collect();
        fs::write(www.join(&name), &text[..size]).unwrap();
        names.push(name);
    }
    let Some(nginx) = Nginx::start(dir.path()) else {
        return;
    };
    let urls: Vec<_> = names
        .iter()
        .map(|name| format!("https://127.0.0.1:{}/{name}", nginx.port))
        .collect();
    let args = ["--ca-file", "ca.pem", "--out", "out"];
    let output = program(dir.path()).args(args).args(&urls).output().unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    assert!(files(&dir.path().join("out")) == files(&www), "{output:?}");
}

#[test]
fn the_rest_of_a_page_of_nginx_fits_its_beginning() {
    let dir = tempfile::tempdir().unwrap();
    let slow = dir.path().join("www/slow");
    fs::create_dir_all(&slow).unwrap();
    let mut bytes: Vec<u8> = (0..1_000_000_u32)
        .map(|number| (number / 7) as u8)
        .collect();
    fs::write(slow.join("page"), &bytes).unwrap();
    let Some(nginx) = Nginx::start(dir.path()) else {
        return;
    };
    let url = format!("https://127.0.0.1:{}/slow/page", nginx.port);
    let args = ["--ca-file", "ca.pem", "--resume", "--out", "out", &url];
    let first = program(dir.path())
        .args(["--deadline", "400ms"])
        .args(args)
        .output()
        .unwrap();
    assert!(
        contains(&first.stderr, "not done within 400ms"),
        "{first:?}"
    );
    let out = dir.path().join("out");
    let (part, mut came) = files(&out)
        .into_iter()
        .find(|(name, _)| is_part(name))
        .unwrap();
    assert!(
        came.len() > 1_000 && came.len() < bytes.len(),
        "{}",
        came.len()
    );
    assert!(came == bytes[..came.len()]);
    // Another byte at its place shows that it is not asked for again.
    (came[0], bytes[0]) = (b'X', b'X');
    fs::write(out.join(part), came).unwrap();
    let second = run(dir.path(), args);
    assert_eq!(status(&second), Some(0), "{second:?}");
    assert!(files(&out) == [("page".to_owned(), bytes)].into());
}
