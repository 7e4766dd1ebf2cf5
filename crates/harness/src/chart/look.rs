//! One colour and one shape a model, everywhere.

use crate::record::Model;

/// How a contestant is drawn. Colours are those of Okabe and Ito, which people with any colour vision
/// tell apart; shapes tell them apart without colour. Both are readable on white and on dark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Look {
    /// A variant of this project: threads a blue circle, processes a vermilion square, async a green
    /// diamond, sequential a grey triangle.
    Model(Model),
    /// A program of others that spreads its work by that model: the same shape and colour, hollow.
    Reference(Model),
    /// Any command, of which nothing is known: a hollow circle in the colour of the text.
    Command,
    /// The baseline against itself: small and grey.
    Noise,
}

/// What is drawn at a point.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shape {
    Circle,
    Square,
    Diamond,
    Triangle,
    Dot,
}

impl Look {
    /// The look of a contestant of a scenario. Variants are named after their model (`threads`,
    /// `threads-padded`), references are not (`python-threads`).
    pub fn of(name: &str, model: Model) -> Self {
        if model == Model::Command {
            return Self::Command;
        }
        let rest = name.strip_prefix(model.name());
        if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('-')) {
            Self::Model(model)
        } else {
            Self::Reference(model)
        }
    }

    /// The class that gives it its colour.
    pub(super) fn class(self) -> &'static str {
        match self {
            Self::Model(model) | Self::Reference(model) => model.name(),
            Self::Command => "command",
            Self::Noise => "noise",
        }
    }

    pub(super) fn shape(self) -> Shape {
        match self {
            Self::Model(model) | Self::Reference(model) => match model {
                Model::Sequential => Shape::Triangle,
                Model::Threads | Model::Command => Shape::Circle,
                Model::Processes => Shape::Square,
                Model::Async => Shape::Diamond,
            },
            Self::Command => Shape::Circle,
            Self::Noise => Shape::Dot,
        }
    }

    pub(super) fn is_hollow(self) -> bool {
        matches!(self, Self::Reference(_) | Self::Command)
    }
}
