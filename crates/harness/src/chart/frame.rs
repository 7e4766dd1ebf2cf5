//! What all charts have: a size, a title, a description, a background of their own.

use maud::{Markup, html};

use super::mark::{label, px};
use super::text::{clean, wrap};

/// The style sheet of charts. A chart in a file holds it; a page that holds charts needs it once.
pub const STYLE: &str = include_str!("style.css");

/// How far everything stays from the edge.
pub(super) const PAD: f64 = 16.0;
const FINDING: f64 = 16.0;
const ABOUT: f64 = 12.0;
/// Bold letters are wider than those that `text` knows.
const BOLD: f64 = 1.08;

/// How wide a chart is. Text has the same size in both, so a chart is not shrunk, but made anew.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Size {
    /// For documents: 720 pixels.
    Wide,
    /// For telephones: 340 pixels, names stand above what they name.
    Narrow,
}

impl Size {
    /// In pixels.
    pub(super) fn width(self) -> f64 {
        match self {
            Self::Wide => 720.0,
            Self::Narrow => 340.0,
        }
    }
}

/// What stands above a chart, and what it says to whoever cannot see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// What was found, in one sentence: the title.
    pub finding: String,
    /// What is drawn, of how many runs, with intervals of which level.
    pub about: String,
    /// The same in full sentences, with the figures.
    pub description: String,
}

/// A chart.
#[derive(Clone, Debug)]
pub struct Chart {
    head: Head,
    size: Size,
    height: f64,
    body: Markup,
}

impl Chart {
    /// As a file.
    pub fn file(&self) -> String {
        let mut text = self.svg(Some(STYLE)).into_string();
        text.push('\n');
        text
    }

    /// What was found, in one sentence: its title.
    pub fn finding(&self) -> &str {
        &self.head.finding
    }

    /// As a part of an HTML page that holds [`STYLE`].
    pub fn inline(&self) -> Markup {
        self.svg(None)
    }

    fn svg(&self, style: Option<&str>) -> Markup {
        let (width, height) = (px(self.size.width()), px(self.height));
        let view = format!("0 0 {width} {height}");
        html! {
            svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" viewBox=(view)
                width=(width) height=(height) aria-label=(clean(&self.head.finding)) {
                title { (clean(&self.head.finding)) }
                desc { (clean(&self.head.description)) }
                @if let Some(style) = style { style { (maud::PreEscaped(style)) } }
                rect class="paper" x="0.5" y="0.5" rx="6" width=(px(self.size.width() - 1.0))
                    height=(px(self.height - 1.0)) {}
                (self.body)
            }
        }
    }
}

/// A chart in the making.
pub(super) struct Frame {
    head: Head,
    size: Size,
    parts: Vec<Markup>,
    /// Text, which must not lie under lines.
    texts: Vec<Markup>,
    /// Down to where it is filled.
    pub(super) bottom: f64,
}

impl Frame {
    /// Begins a chart with its title.
    pub(super) fn new(head: &Head, size: Size) -> Self {
        let mut frame = Self {
            head: head.clone(),
            size,
            parts: Vec::new(),
            texts: Vec::new(),
            bottom: PAD - 4.0,
        };
        let room = size.width() - 2.0 * PAD;
        frame.lines("finding", &wrap(&head.finding, FINDING * BOLD, room), 21.0);
        frame.bottom += 2.0;
        frame.lines("about", &wrap(&head.about, ABOUT, room), 16.0);
        frame.bottom += 10.0;
        frame
    }

    fn lines(&mut self, class: &str, lines: &[String], height: f64) {
        for line in lines {
            self.bottom += height;
            self.texts.push(label(class, PAD, self.bottom - 5.0, line));
        }
    }

    /// Adds something; later ones lie above earlier ones.
    pub(super) fn add(&mut self, part: Markup) {
        self.parts.push(part);
    }

    /// Adds text that lies above everything else.
    pub(super) fn write(&mut self, text: Markup) {
        self.texts.push(text);
    }

    pub(super) fn size(&self) -> Size {
        self.size
    }

    /// All of it.
    pub(super) fn chart(self) -> Chart {
        Chart {
            height: self.bottom.ceil() + PAD - 4.0,
            body: html! { @for part in self.parts.iter().chain(&self.texts) { (part) } },
            head: self.head,
            size: self.size,
        }
    }
}
