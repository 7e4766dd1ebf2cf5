//! Content-Disposition, to the byte.

use crate::battery::{get, start};

#[test]
fn names_are_on_the_wire_as_they_stand() {
    let site = start(&[]);
    let field = |path: &str| {
        let answer = get(&site, path);
        assert_eq!(
            (answer.status(), answer.length()),
            (200, Some(answer.body.len())),
            "{path}"
        );
        answer
            .header("content-disposition")
            .expect("the header")
            .to_owned()
    };
    for (case, value) in [
        ("climb", "attachment; filename=\"../../x\""),
        ("nul", "attachment; filename=\"a\0b.txt\""),
        ("not-utf8", "attachment; filename=\"\u{e4}\u{ff}.txt\""),
        ("dotdot", "attachment; filename=\"..\""),
        ("empty", "attachment; filename=\"\""),
    ] {
        assert_eq!(field(&format!("/disposition/{case}")), value);
    }
    let long = field("/disposition/long");
    assert_eq!(long.len(), "attachment; filename=\"\"".len() + 300);
    assert_eq!(field("/disposition?value=a%01%00;b%3D"), "a\u{1}\0;b=");
}

#[test]
fn two_pages_may_have_one_name() {
    let site = start(&[]);
    let (first, second) = (
        get(&site, "/disposition/same?page=1"),
        get(&site, "/disposition/same?page=2"),
    );
    assert_eq!(
        first.header("content-disposition"),
        second.header("content-disposition")
    );
    assert_ne!(first.body, second.body);
}

#[test]
fn every_case_is_listed_and_served() {
    let site = start(&[]);
    let list = get(&site, "/disposition/no-such-case");
    assert_eq!(list.status(), 400);
    let list = String::from_utf8(list.body).expect("text");
    let cases: Vec<_> = list
        .trim()
        .split_once("none of ")
        .expect("a list")
        .1
        .split(", ")
        .collect();
    assert!(cases.len() > 30, "{cases:?}");
    for case in cases {
        let answer = get(&site, &format!("/disposition/{case}"));
        assert!(answer.header("content-disposition").is_some(), "{case}");
    }
}
