//! Names that a Content-Disposition may have, from useful to hostile.

/// The header's value for each case, as it stands on the wire.
const CASES: &[(&str, &[u8])] = &[
    ("plain", b"attachment; filename=plain.txt"),
    ("quoted", b"attachment; filename=\"two words.txt\""),
    (
        "escaped",
        b"attachment; filename=\"a \\\"quoted\\\" name.txt\"",
    ),
    (
        "encoded",
        b"attachment; filename*=UTF-8''%E2%82%AC%20rates.txt",
    ),
    (
        "latin1",
        b"attachment; filename*=iso-8859-1'en'%A3%20rates.txt",
    ),
    (
        "both",
        b"attachment; filename=\"plain.txt\"; filename*=UTF-8''better%20name.txt",
    ),
    ("inline", b"inline; filename=\"inline.txt\""),
    ("same", b"attachment; filename=\"same.txt\""),
    ("climb", b"attachment; filename=\"../../x\""),
    ("climb-encoded", b"attachment; filename*=UTF-8''..%2F..%2Fx"),
    (
        "absolute",
        b"attachment; filename=\"/tmp/downloader-site-absolute\"",
    ),
    ("backslashes", b"attachment; filename=\"..\\\\..\\\\x\""),
    ("drive", b"attachment; filename=\"C:\\\\x.txt\""),
    ("stream", b"attachment; filename=\"x.txt:hidden\""),
    ("nul", b"attachment; filename=\"a\0b.txt\""),
    ("nul-encoded", b"attachment; filename*=UTF-8''a%00b.txt"),
    ("newline-encoded", b"attachment; filename*=UTF-8''a%0Ab.txt"),
    (
        "control",
        b"attachment; filename=\"a\x01\x1b[31m\x7fb.txt\"",
    ),
    ("not-utf8", b"attachment; filename=\"\xe4\xff.txt\""),
    ("broken-encoding", b"attachment; filename*=UTF-8''%zz%4"),
    ("broken-quote", b"attachment; filename=\"open.txt"),
    ("empty", b"attachment; filename=\"\""),
    ("no-name", b"attachment"),
    ("spaces", b"attachment; filename=\"   \""),
    ("dot", b"attachment; filename=\".\""),
    ("dotdot", b"attachment; filename=\"..\""),
    ("hidden", b"attachment; filename=\".profile\""),
    ("trailing", b"attachment; filename=\"trailing. . \""),
    ("reserved", b"attachment; filename=\"CON\""),
    ("reserved-extension", b"attachment; filename=\"nul.txt\""),
    ("part", b"attachment; filename=\"x.part\""),
    ("option", b"attachment; filename=\"-rf\""),
    (
        "right-to-left",
        b"attachment; filename*=UTF-8''a%E2%80%AEtxt.exe",
    ),
];

/// The value for `case`, or all names of cases.
pub(crate) fn value(case: &str) -> Result<Vec<u8>, String> {
    // A file name may have 255 bytes on most systems: one of 300, and one whose 200 letters are 400 bytes.
    match case {
        "long" => return Ok(format!("attachment; filename=\"{}.txt\"", "a".repeat(296)).into()),
        "long-utf8" => {
            return Ok(format!("attachment; filename*=UTF-8''{}.txt", "%C3%A4".repeat(200)).into());
        }
        _ => {}
    }
    CASES
        .iter()
        .find(|(name, _)| *name == case)
        .map(|(_, value)| value.to_vec())
        .ok_or_else(|| {
            format!(
                "{case:?} is none of {}",
                names().collect::<Vec<_>>().join(", ")
            )
        })
}

/// Every case there is.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    CASES
        .iter()
        .map(|(name, _)| *name)
        .chain(["long", "long-utf8"])
}
