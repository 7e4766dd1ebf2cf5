//! What is drawn for which figures.

use roxmltree::Document;

use super::fixture;
use crate::chart::{Look, Size};
use crate::record::Model;

/// The elements of the usual chart of that name whose class holds all of `classes`: name and attributes.
fn drawn(name: &str, classes: &[&str]) -> Vec<(String, Vec<(String, String)>)> {
    let (_, draw) = fixture::all()
        .into_iter()
        .find(|(called, _)| *called == name)
        .unwrap();
    let text = draw(Size::Wide).file();
    let document = Document::parse(&text).unwrap();
    let has = |class: &str| {
        classes
            .iter()
            .all(|wanted| class.split(' ').any(|one| one == *wanted))
    };
    let found = document
        .descendants()
        .filter(|node| node.attribute("class").is_some_and(has));
    let attributes = |node: roxmltree::Node| {
        let all = node
            .attributes()
            .map(|one| (one.name().to_owned(), one.value().to_owned()));
        (node.tag_name().name().to_owned(), all.collect())
    };
    found.map(attributes).collect()
}

fn number(attributes: &[(String, String)], name: &str) -> f64 {
    let (_, value) = attributes
        .iter()
        .find(|(called, _)| called == name)
        .unwrap();
    value.parse().unwrap()
}

#[test]
fn a_ratio_has_a_mark_and_an_interval_a_row_and_a_line_at_1() {
    assert_eq!(drawn("ratio", &["mark"]).len(), 3);
    assert_eq!(
        drawn("ratio", &["interval"]).len(),
        2,
        "the baseline has none"
    );
    let (line, baseline) = (
        &drawn("ratio", &["rule"])[0].1,
        &drawn("ratio", &["threads", "mark"])[0].1,
    );
    assert!((number(line, "x1") - number(baseline, "cx")).abs() < 0.02);
    let shade = &drawn("ratio", &["shade"])[0].1;
    let (from, to) = (
        number(shade, "x"),
        number(shade, "x") + number(shade, "width"),
    );
    let middle = f64::midpoint(from, to);
    assert!(
        (middle - number(line, "x1")).abs() < 0.02,
        "1/1.03 to 1.03 is even on a log axis"
    );
}

#[test]
fn every_run_is_a_point() {
    assert_eq!(drawn("wall", &["run"]).len(), 60);
    assert_eq!(drawn("wall", &["mark"]).len(), 3);
}

#[test]
fn bars_begin_at_zero_and_are_as_long_as_their_figures() {
    let threads = drawn("memory", &["threads", "bar"]);
    let processes = drawn("memory", &["processes", "bar"]);
    // The second of each is the swatch beside the name.
    let (one, other) = (&threads[0].1, &processes[0].1);
    assert!((number(one, "x") - number(other, "x")).abs() < 0.01);
    let times = number(other, "width") / number(one, "width");
    assert!((times - 2.9).abs() < 0.01, "{times}");
}

#[test]
fn scaling_has_a_curve_a_contestant_the_ideal_line_and_the_cores() {
    assert_eq!(drawn("scaling", &["line"]).len(), 2);
    assert_eq!(drawn("scaling", &["mark"]).len(), 8);
    let ideal = drawn("scaling", &["dashed"]).len();
    assert_eq!(ideal, 2, "it bends where the cores end");
    assert_eq!(drawn("scaling", &["fit"]).len(), 2);
    let text = fixture::all().swap_remove(2).1(Size::Wide).file();
    assert!(
        text.contains(">2 cores<") && text.contains(">ideal<"),
        "{text}"
    );
}

#[test]
fn costs_have_a_curve_each_with_a_mark_and_an_interval_a_size() {
    assert_eq!(drawn("curves", &["line"]).len(), 3);
    assert_eq!(drawn("curves", &["mark"]).len(), 3 * 14);
    // Two of the curves cross the third.
    assert_eq!(drawn("curves", &["interval"]).len(), 3 * 14 + 2);
    let crossings = drawn("curves", &["dashed"]);
    assert_eq!(crossings.len(), 2);
    for (line, class) in crossings.iter().zip(["threads", "processes"]) {
        assert!((number(&line.1, "x1") - number(&line.1, "x2")).abs() < 0.02);
        assert!(
            number(&line.1, "y1") < number(&line.1, "y2"),
            "{class}: down"
        );
    }
    let at = |line: usize| number(&crossings[line].1, "x1");
    assert!(at(0) < at(1), "50 µs lies before 900 µs");
}

#[test]
fn a_size_of_0_stands_apart_and_no_line_leads_there() {
    let marks = drawn("payloads", &["threads", "mark"]);
    assert_eq!(marks.len(), 28);
    let line = &drawn("payloads", &["threads", "line"])[0].1;
    let (_, points) = line.iter().find(|(name, _)| name == "points").unwrap();
    assert_eq!(points.split(' ').count(), 27);
    assert!(number(&marks[0].1, "cx") < number(&marks[1].1, "cx") - 30.0);
}

#[test]
fn a_timeline_has_every_span_of_every_worker() {
    let spans: usize = ["bar", "wait"]
        .iter()
        .flat_map(|kind| drawn("timeline", &[kind]))
        .flat_map(|(_, attributes)| attributes.into_iter().filter(|(name, _)| name == "d"))
        .map(|(_, path)| path.matches('M').count())
        .sum();
    assert_eq!(spans, 2 * 2 * 20);
}

#[test]
fn models_have_one_colour_and_one_shape_and_references_are_hollow() {
    let look = |name: &str, model| Look::of(name, model);
    assert_eq!(look("threads", Model::Threads), Look::Model(Model::Threads));
    assert_eq!(
        look("threads-padded", Model::Threads),
        Look::Model(Model::Threads)
    );
    assert_eq!(
        look("python-threads", Model::Threads),
        Look::Reference(Model::Threads)
    );
    assert_eq!(
        look("threadsafe", Model::Threads),
        Look::Reference(Model::Threads)
    );
    assert_eq!(look("command", Model::Command), Look::Command);
    assert_eq!(drawn("ratio", &["threads", "mark"])[0].0, "circle");
    assert_eq!(drawn("ratio", &["processes", "mark"])[0].0, "polygon");
}
