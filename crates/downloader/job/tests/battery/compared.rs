//! The same bytes as curl.

use super::*;

#[test]
fn pages_are_what_curl_downloads() {
    if Command::new("curl").arg("--version").output().is_err() {
        eprintln!("skipped: no curl");
        return;
    }
    let (site, dir) = (site(), tempfile::tempdir().unwrap());
    let mut urls = Vec::new();
    for encode in ["gzip", "br", "zstd", "auto"] {
        urls.push(format!(
            "{}/page/{}?encode={encode}&size=300kB",
            site.url(),
            urls.len() + 1
        ));
        urls.push(format!(
            "{}/page/{}?size=300kB",
            site.secure_url().unwrap(),
            urls.len() + 1
        ));
    }
    urls.push(format!("{}/redirect/3", site.url()));
    let ca = site.ca_file().unwrap().to_str().unwrap();
    let output = program(dir.path())
        .args(["--out", "ours", "--ca-file", ca])
        .args(&urls)
        .output();
    let output = output.unwrap();
    assert_eq!(status(&output), Some(0), "{output:?}");
    let ours = files(&dir.path().join("ours"));
    assert_eq!(ours.len(), urls.len());
    let printed = String::from_utf8(output.stdout).unwrap();
    for (url, line) in urls.iter().zip(printed.lines()) {
        let mut curl = Command::new("curl");
        curl.args([
            "--silent",
            "--location",
            "--compressed",
            "--noproxy",
            "*",
            "--cacert",
            ca,
            url,
        ]);
        let theirs = curl.output().unwrap();
        assert!(theirs.status.success(), "{url}: {theirs:?}");
        let name = line.rsplit('/').next().unwrap();
        assert!(ours[name] == theirs.stdout, "{url}: {name} differs");
    }
}
