//! The report in a real browser: chromium, without a window.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::workspace::Workspace;

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

/// What a browser finds of a page in a frame of this width: how wide it became, what was requested.
fn looked_at(browser: &str, page: &Path, width: u32) -> (Value, String) {
    let frame = format!(
        r#"<!doctype html><title>-</title><iframe id=f width={width} height=800 src="{}"></iframe>
<script>f.onload = () => {{
  const page = f.contentDocument, shown = page.querySelector(".wide, .narrow") &&
    [...page.querySelectorAll(".wide, .narrow")].filter(one => one.offsetWidth > 0);
  document.body.textContent = "<<" + JSON.stringify({{
    width: page.documentElement.scrollWidth,
    requests: f.contentWindow.performance.getEntriesByType("resource").map(one => one.name),
    shown: [...new Set((shown || []).map(one => one.className))],
    charts: (shown || []).length,
    smallest: Math.min(...[...page.querySelectorAll("svg")].filter(one => one.clientWidth > 0)
      .map(one => one.getBoundingClientRect().width / one.viewBox.baseVal.width)),
  }}) + ">>";
}}</script>"#,
        page.file_name().unwrap().display()
    );
    let outer = page.with_file_name(format!("frame-{width}.html"));
    fs::write(&outer, frame).unwrap();
    // A page from a file may look into another one only with this.
    let (document, console) = opened(browser, &outer, &["--allow-file-access-from-files"]);
    let document = document.replace("&lt;", "<").replace("&gt;", ">");
    let (_, rest) = document
        .split_once("<<")
        .unwrap_or_else(|| panic!("nothing was seen: {document}"));
    let (found, _) = rest.split_once(">>").unwrap();
    (serde_json::from_str(found).unwrap(), console)
}

fn report() -> (Workspace, std::path::PathBuf) {
    let workspace = Workspace::new();
    workspace
        .versus("run --blocks 6 --seed 3 --references")
        .status
        .unwrap();
    let page = workspace.path("results/latest/report.html");
    (workspace, page)
}

#[test]
fn the_report_fits_every_screen_and_asks_for_nothing() {
    let Some(browser) = browser() else { return };
    let (_workspace, page) = report();
    for (width, shown) in WIDTHS.into_iter().zip(["narrow", "wide"]) {
        let (found, console) = looked_at(browser, &page, width);
        assert_eq!(console, "");
        assert!(
            found["width"].as_u64().unwrap() <= u64::from(width),
            "{width}: {found}"
        );
        assert_eq!(found["requests"], Value::Array(Vec::new()), "{found}");
        if found["charts"] != 0 {
            assert_eq!(found["shown"], serde_json::json!([shown]), "{found}");
            assert!(
                found["smallest"].as_f64().unwrap() > 0.99,
                "text is not shrunk: {found}"
            );
        }
    }
}

#[test]
fn the_report_is_the_same_without_scripts() {
    let Some(browser) = browser() else { return };
    let (_workspace, page) = report();
    let (with, _) = opened(browser, &page, &[]);
    let (without, console) = opened(browser, &page, &["--blink-settings=scriptEnabled=false"]);
    assert_eq!(console, "");
    assert_eq!(with, without);
    for part in [
        "What was found",
        "a small one",
        "The machine",
        "Every run",
        "</html>",
    ] {
        assert!(without.contains(part), "no {part}: {without}");
    }
}

/// That the checks above see what they look for.
#[test]
fn a_page_with_faults_is_seen_to_have_them() {
    let Some(browser) = browser() else { return };
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("faults.html");
    let faults = "<!doctype html><p style='width:900px'>wide</p><img src='missing.png'>\
                  <script>console.error('a fault')</script>";
    fs::write(&page, faults).unwrap();
    let (found, console) = looked_at(browser, &page, 390);
    assert!(console.contains("a fault"), "{console}");
    assert!(found["width"].as_u64().unwrap() > 390, "{found}");
    assert!(
        found["requests"][0]
            .as_str()
            .unwrap()
            .ends_with("missing.png"),
        "{found}"
    );
}
