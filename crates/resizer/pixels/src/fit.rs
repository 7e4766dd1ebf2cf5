//! From the size of a picture and the box that was asked for to the size that it gets.

use crate::settings::{Fit, Settings};

/// How a picture is made smaller: which part of it, and to what size.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Plan {
    /// Size of the result, at least 1 each way.
    pub(crate) to: (u32, u32),
    /// Size of the part of the picture that becomes it: its middle.
    pub(crate) part: (f64, f64),
}

impl Plan {
    /// The plan for a picture of this size, both sides at least 1.
    ///
    /// Without `enlarge`, a box that is larger than the picture is made smaller first, in its own shape: `cover` and
    /// `exact` then give what was asked for, as large as the picture allows.
    pub(crate) fn new(from: (u32, u32), settings: &Settings) -> Self {
        let (width, height) = (f64::from(from.0), f64::from(from.1));
        let (mut wide, mut high) = (f64::from(settings.width), f64::from(settings.height));
        if !settings.enlarge && settings.fit != Fit::Inside {
            let shrink = (width / wide).min(height / high).min(1.0);
            (wide, high) = (wide * shrink, high * shrink);
        }
        match settings.fit {
            Fit::Inside => {
                let most = if settings.enlarge { f64::MAX } else { 1.0 };
                let scale = (wide / width).min(high / height).min(most);
                Self {
                    to: (whole(width * scale), whole(height * scale)),
                    part: (width, height),
                }
            }
            Fit::Cover => {
                let scale = (wide / width).max(high / height);
                Self {
                    to: (whole(wide), whole(high)),
                    part: (width.min(wide / scale), height.min(high / scale)),
                }
            }
            Fit::Exact => Self {
                to: (whole(wide), whole(high)),
                part: (width, height),
            },
        }
    }

    /// The same plan for the picture as it lies in its file, on its side.
    pub(crate) fn on_its_side(self) -> Self {
        Self {
            to: (self.to.1, self.to.0),
            part: (self.part.1, self.part.0),
        }
    }

    /// How many pixels of the picture become one of the result, in the direction where they are fewest.
    pub(crate) fn reduction(&self) -> f64 {
        let across = self.part.0 / f64::from(self.to.0);
        let down = self.part.1 / f64::from(self.to.1);
        across.min(down)
    }
}

/// The nearest whole number of pixels, never none.
fn whole(length: f64) -> u32 {
    (length.round() as u32).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(from: (u32, u32), size: (u32, u32), fit: Fit, enlarge: bool) -> (u32, u32) {
        let settings = Settings {
            width: size.0,
            height: size.1,
            fit,
            enlarge,
            ..Settings::default()
        };
        Plan::new(from, &settings).to
    }

    #[test]
    fn inside_keeps_the_shape() {
        assert_eq!(to((4000, 3000), (800, 800), Fit::Inside, false), (800, 600));
        assert_eq!(to((3000, 4000), (800, 600), Fit::Inside, false), (450, 600));
        assert_eq!(to((100, 50), (800, 600), Fit::Inside, false), (100, 50));
        assert_eq!(to((100, 50), (800, 600), Fit::Inside, true), (800, 400));
        assert_eq!(to((60_000, 1), (800, 600), Fit::Inside, false), (800, 1));
    }

    #[test]
    fn cover_and_exact_fill_the_box() {
        for fit in [Fit::Cover, Fit::Exact] {
            assert_eq!(to((4000, 3000), (400, 400), fit, false), (400, 400));
            assert_eq!(to((300, 200), (800, 600), fit, false), (267, 200));
            assert_eq!(to((300, 200), (800, 600), fit, true), (800, 600));
        }
    }

    #[test]
    fn cover_takes_the_middle_and_exact_takes_all() {
        let mut settings = Settings {
            width: 400,
            height: 400,
            fit: Fit::Cover,
            ..Settings::default()
        };
        let plan = Plan::new((4000, 3000), &settings);
        assert_eq!((plan.part, plan.reduction()), ((3000.0, 3000.0), 7.5));
        settings.fit = Fit::Exact;
        assert_eq!(Plan::new((4000, 3000), &settings).part, (4000.0, 3000.0));
    }
}
