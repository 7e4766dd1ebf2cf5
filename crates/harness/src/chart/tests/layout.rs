//! No text is cut, none lies on another, by the widths of a wide font.

use roxmltree::{Document, Node};

use super::fixture;
use crate::chart::Size;
use crate::chart::text::{width, wrap};

#[derive(Debug)]
struct Placed {
    text: String,
    left: f64,
    right: f64,
    top: f64,
    bottom: f64,
}

fn placed(node: Node) -> Placed {
    let number = |name| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let class = node.attribute("class").unwrap();
    let size = match class.split(' ').next().unwrap() {
        "finding" => 17.0,
        "about" | "tick" | "note" => 12.0,
        _ => 13.0,
    };
    let text = node.text().unwrap_or_default().to_owned();
    let (x, y, wide) = (number("x"), number("y"), width(&text, size));
    let left = match class {
        _ if class.contains("end") => x - wide,
        _ if class.contains("middle") => x - wide / 2.0,
        _ => x,
    };
    Placed {
        left,
        right: left + wide,
        top: y - size * 0.75,
        bottom: y + size * 0.2,
        text,
    }
}

impl Placed {
    fn touches(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

#[test]
fn text_stays_inside_and_apart() {
    for (name, draw) in fixture::all() {
        for size in [Size::Wide, Size::Narrow] {
            let text = draw(size).file();
            let document = Document::parse(&text).unwrap();
            let texts = document
                .descendants()
                .filter(|node| node.has_tag_name(("http://www.w3.org/2000/svg", "text")));
            let texts: Vec<Placed> = texts.map(placed).collect();
            assert!(texts.len() > 3, "{name}: there is text");
            let height: f64 = document
                .root_element()
                .attribute("height")
                .unwrap()
                .parse()
                .unwrap();
            for (place, one) in texts.iter().enumerate() {
                let inside = one.left >= 0.0
                    && one.right <= size.width()
                    && one.top >= 0.0
                    && one.bottom <= height;
                assert!(inside, "{name}, {size:?}: `{}` is cut: {one:?}", one.text);
                for other in &texts[..place] {
                    assert!(
                        !one.touches(other),
                        "{name}, {size:?}: `{}` lies on `{}`",
                        one.text,
                        other.text
                    );
                }
            }
        }
    }
}

#[test]
fn text_breaks_where_words_end_and_an_endless_one_says_that_it_goes_on() {
    let lines = |text: &str| wrap(text, 10.0, 100.0);
    assert_eq!(
        lines("python-processes with 4"),
        ["python-processes", "with 4"]
    );
    let endless = lines(&"endless ".repeat(100));
    assert_eq!(endless.len(), 6);
    assert!(endless[5].ends_with('…') && endless[..5].iter().all(|line| !line.contains('…')));
    for text in fixture::NAMES {
        assert!(
            lines(text).iter().all(|line| width(line, 10.0) <= 100.0),
            "{text}"
        );
    }
}
