//! The report in a real browser: chromium, without a window.

use std::fs;
use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::Value;
use tempfile::TempDir;

/// Browsers by their names; the first that is there is used.
const BROWSERS: [&str; 3] = ["chromium", "chromium-browser", "google-chrome"];

/// A telephone's width, and a computer's.
const WIDTHS: [u32; 2] = [390, 1280];

fn browser() -> Option<&'static str> {
    let is_there = |name: &&&str| {
        let version = Command::new(name).arg("--version").output();
        version.is_ok_and(|output| output.status.success())
    };
    let found = BROWSERS.iter().find(is_there).copied();
    if found.is_none() {
        println!("skipped: no chromium");
    }
    found
}

/// Opens a page; gives its document when it has come to rest, and what stands on the console.
fn opened(browser: &str, page: &Path, options: &[&str]) -> (String, String) {
    let profile = tempfile::tempdir().unwrap();
    let output = Command::new(browser)
        .args([
            "--headless",
            "--no-sandbox",
            "--disable-gpu",
            "--no-first-run",
        ])
        .args([
            "--disable-background-networking",
            "--disable-component-update",
        ])
        .args([
            "--disable-sync",
            "--disable-dev-shm-usage",
            "--host-resolver-rules=MAP * ~NOTFOUND",
        ])
        .args([
            "--enable-logging=stderr",
            "--v=0",
            "--dump-dom",
            "--timeout=60000",
        ])
        .args(options)
        .arg(format!("--user-data-dir={}", profile.path().display()))
        .arg(format!("file://{}", page.display()))
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let console = String::from_utf8_lossy(&output.stderr);
    let console = console.lines().filter(|line| line.contains("CONSOLE"));
    let console = console.collect::<Vec<_>>().join("\n");
    (
        String::from_utf8_lossy(&output.stdout).into_owned(),
        console,
    )
}

/// What a browser finds of a page in a frame of this width, with scripts or without: how wide it became,
/// what was requested, what can be read.
fn looked_at(browser: &str, page: &Path, width: u32, scripts: bool) -> (Value, String) {
    let sandbox = if scripts {
        ""
    } else {
        "sandbox=allow-same-origin"
    };
    let frame = format!(
        r#"<!doctype html><title>-</title>
<iframe id=f width={width} height=800 frameborder=0 {sandbox} src="{}"></iframe>
<script>f.onload = () => {{
  const page = f.contentDocument;
  const shown = [...page.querySelectorAll(".wide, .narrow")].filter(one => one.offsetWidth > 0);
  const scale = one => one.getBoundingClientRect().width / one.viewBox.baseVal.width;
  document.body.textContent = "<<" + JSON.stringify({{
    width: page.documentElement.scrollWidth,
    requests: f.contentWindow.performance.getEntriesByType("resource").map(one => one.name),
    shown: [...new Set(shown.map(one => one.className))],
    charts: shown.length,
    smallest: Math.min(...shown.map(one => scale(one.firstElementChild))),
    text: page.body.innerText,
  }}) + ">>";
}}</script>"#,
        page.file_name().unwrap().display()
    );
    let outer = page.with_file_name("frame.html");
    fs::write(&outer, frame).unwrap();
    // A page from a file may look into another one only with this.
    let (document, console) = opened(browser, &outer, &["--allow-file-access-from-files"]);
    let document = document
        .replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&amp;", "&");
    let found = document
        .split_once("<<")
        .and_then(|(_, rest)| rest.rsplit_once(">>"));
    let (found, _) = found.unwrap_or_else(|| panic!("nothing was seen: {document}"));
    (serde_json::from_str(found).unwrap(), console)
}

/// The report on measurements that stand in this repository: six contestants, two cases, timelines. One
/// made here would have no charts while others keep the machine busy.
fn report() -> (TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let kept = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../results/hasher/samples.jsonl"
    );
    fs::copy(kept, folder.path().join("samples.jsonl")).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_versus"));
    let output = command.arg("report").arg(folder.path()).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let page = folder.path().join("report.html");
    (folder, page)
}

#[test]
fn the_report_fits_every_screen_and_asks_for_nothing() {
    let Some(browser) = browser() else { return };
    let (_folder, page) = report();
    for (width, shown) in WIDTHS.into_iter().zip(["narrow", "wide"]) {
        let (found, console) = looked_at(browser, &page, width, true);
        assert_eq!(console, "");
        assert!(
            found["width"].as_u64().unwrap() <= u64::from(width),
            "{width}: {found}"
        );
        assert_eq!(found["requests"], Value::Array(Vec::new()), "{found}");
        assert_eq!(found["shown"], serde_json::json!([shown]), "{found}");
        assert!(found["charts"].as_u64().unwrap() >= 8, "{found}");
        assert!(
            found["smallest"].as_f64().unwrap() > 0.99,
            "text is not shrunk: {found}"
        );
    }
}

#[test]
fn the_report_is_the_same_without_scripts() {
    let Some(browser) = browser() else { return };
    let (_folder, page) = report();
    let (with, _) = looked_at(browser, &page, WIDTHS[0], true);
    let (without, console) = looked_at(browser, &page, WIDTHS[0], false);
    assert_eq!(console, "");
    assert_eq!(with, without);
    let text = without["text"].as_str().unwrap();
    for part in [
        "What was found",
        "slower than threads (95% CI",
        "The machine",
        "Every run",
    ] {
        assert!(text.contains(part), "no {part}: {text}");
    }
}

/// That the checks above see what they look for.
#[test]
fn a_page_with_faults_is_seen_to_have_them() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("faults.html");
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = server.local_addr().unwrap();
    thread::spawn(move || answer_all(&server));
    let faults = format!(
        "<!doctype html><body><p style='width:900px'>wide</p><img src='http://{address}/a.png'>\
         <script>console.error('a fault'); document.body.append('scripted')</script>"
    );
    fs::write(&page, faults).unwrap();
    let (found, console) = looked_at(browser, &page, 390, true);
    assert!(console.contains("a fault"), "{console}");
    assert!(found["width"].as_u64().unwrap() > 390, "{found}");
    assert!(
        found["requests"][0].as_str().unwrap().ends_with("/a.png"),
        "{found}"
    );
    assert!(
        found["text"].as_str().unwrap().contains("scripted"),
        "{found}"
    );
    let (found, _) = looked_at(browser, &page, 390, false);
    assert!(
        !found["text"].as_str().unwrap().contains("scripted"),
        "{found}"
    );
}

/// Answers whatever is asked, until the tests end. Browsers connect more often than they ask.
fn answer_all(server: &TcpListener) {
    const NOTHING: &[u8] =
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    for asked in server.incoming().flatten() {
        thread::spawn(move || {
            let mut asked = asked;
            if matches!(asked.read(&mut [0; 4096]), Ok(1..)) {
                // Whoever has gone away meanwhile needs no answer.
                let _ = asked.write_all(NOTHING);
            }
        });
    }
}
