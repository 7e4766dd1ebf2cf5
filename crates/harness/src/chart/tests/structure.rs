//! Sound XML, with a size, a title and a description.

use roxmltree::{Document, Node};

use super::fixture;
use crate::chart::{Chart, Head, Look, RatioRow, Size, ratio};

fn every_chart(check: impl Fn(&str, Size, &str)) {
    for (name, draw) in fixture::all() {
        for size in [Size::Wide, Size::Narrow] {
            check(name, size, &draw(size).file());
        }
    }
}

fn child<'a>(svg: Node<'a, 'a>, name: &str) -> Option<Node<'a, 'a>> {
    svg.children()
        .find(|node| node.has_tag_name(("http://www.w3.org/2000/svg", name)))
}

#[test]
fn every_chart_is_sound_xml_with_size_title_and_description() {
    every_chart(|name, size, text| {
        let document =
            Document::parse(text).unwrap_or_else(|error| panic!("{name}: {error}\n{text}"));
        let svg = document.root_element();
        let view = svg.attribute("viewBox").unwrap();
        let sides: Vec<f64> = view.split(' ').map(|side| side.parse().unwrap()).collect();
        assert!(
            (sides[2] - size.width()).abs() < 0.01 && sides[3] > 50.0 && sides[3] < 3000.0,
            "{name}: {view}"
        );
        assert_eq!(svg.attribute("role"), Some("img"));
        let head = fixture::head();
        assert_eq!(
            child(svg, "title").unwrap().text(),
            Some(head.finding.as_str())
        );
        assert_eq!(
            child(svg, "desc").unwrap().text(),
            Some(head.description.as_str())
        );
        assert!(child(svg, "style").is_some());
    });
}

#[test]
fn no_figure_is_missing_or_infinite() {
    every_chart(|name, _, text| {
        assert!(
            !text.contains("NaN\"") && !text.contains("inf"),
            "{name}: {text}"
        );
    });
}

#[test]
fn nothing_is_fetched_and_nothing_is_run() {
    every_chart(|name, _, text| {
        for foreign in ["href", "url(", "@import", "<script", "@font-face", "<image"] {
            assert!(!text.contains(foreign), "{name}: {foreign}");
        }
        assert_eq!(
            text.matches("http").count(),
            1,
            "{name}: only the name of the format"
        );
    });
}

#[test]
fn the_same_figures_give_the_same_bytes() {
    for ((_, one), (_, other)) in fixture::all().into_iter().zip(fixture::all()) {
        assert_eq!(one(Size::Wide).file(), other(Size::Wide).file());
    }
}

#[test]
fn text_of_others_is_shown_as_it_is_and_breaks_nothing() {
    let name = "</text><script>x & \"y\"\u{0}\u{1b}";
    let head = Head {
        finding: name.to_owned(),
        ..fixture::head()
    };
    let row = RatioRow {
        name: name.to_owned(),
        look: Look::Command,
        ratio: Some((2.0, None)),
        instead: None,
    };
    let chart: Chart = ratio(&head, &[row], 0.03, Size::Wide);
    let text = chart.file();
    let document = Document::parse(&text).unwrap();
    let shown = "</text><script>x & \"y\"\u{fffd}\u{fffd}";
    let svg = document.root_element();
    assert_eq!(child(svg, "title").unwrap().text(), Some(shown));
    assert!(document.descendants().any(|node| node.text() == Some(shown)
        && node.has_tag_name(("http://www.w3.org/2000/svg", "text"))));
}
