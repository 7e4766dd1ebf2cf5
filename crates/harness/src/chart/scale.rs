//! From figures to places on a line, and the round figures to name there.

/// A straight line of pixels that stands for a range of figures.
#[derive(Clone, Copy, Debug)]
pub(super) struct Scale {
    low: f64,
    high: f64,
    from: f64,
    to: f64,
    is_log: bool,
}

impl Scale {
    /// Equal differences are equal distances.
    pub(super) fn linear((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        let high = if high > low { high } else { low + 1.0 };
        Self {
            low,
            high,
            from,
            to,
            is_log: false,
        }
    }

    /// Equal ratios are equal distances. Both ends must be above 0.
    pub(super) fn log((low, high): (f64, f64), (from, to): (f64, f64)) -> Self {
        Self {
            is_log: true,
            ..Self::linear((low, high), (from, to))
        }
    }

    /// Where `value` is, at most as far as the ends.
    pub(super) fn at(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        let share = if self.is_log {
            (value / self.low).ln() / (self.high / self.low).ln()
        } else {
            (value - self.low) / (self.high - self.low)
        };
        self.from + share * (self.to - self.from)
    }

    /// The least figure on it.
    pub(super) fn low(&self) -> f64 {
        self.low
    }

    /// The greatest figure on it.
    pub(super) fn high(&self) -> f64 {
        self.high
    }

    /// Round figures between the ends, about `wanted` of them, in ascending order. They are multiples
    /// of the given `unit`, of 1, 2 or 5 of it, or of ten times these, and so on.
    pub(super) fn ticks(&self, wanted: usize, unit: f64) -> Vec<f64> {
        let decades = (self.high / self.low).log10();
        if !self.is_log || decades < 0.5 {
            return linear_ticks(self.low, self.high, wanted, unit);
        }
        let every = (decades / wanted as f64).ceil().max(1.0) as i32;
        let digits: &[f64] = if decades < 1.2 {
            &[1.0, 1.5, 2.0, 3.0, 5.0, 7.0]
        } else if decades < wanted as f64 / 3.0 {
            &[1.0, 2.0, 5.0]
        } else {
            &[1.0]
        };
        let first = self.low.log10().floor() as i32;
        let last = self.high.log10().ceil() as i32;
        let powers = (first..=last).filter(|power| power.rem_euclid(every) == 0);
        let all =
            powers.flat_map(|power| digits.iter().map(move |digit| digit * 10_f64.powi(power)));
        all.filter(|tick| (self.low..=self.high).contains(tick))
            .collect()
    }
}

fn linear_ticks(low: f64, high: f64, wanted: usize, unit: f64) -> Vec<f64> {
    let rough = (high - low) / wanted.max(1) as f64 / unit;
    let power = 10_f64.powf(rough.log10().floor());
    let digit = [1.0, 2.0, 5.0, 10.0]
        .into_iter()
        .find(|digit| digit * power >= rough * 0.999)
        .unwrap_or(10.0);
    let step = digit * power * unit;
    let first = (low / step - 1e-9).ceil() as i64;
    let last = (high / step + 1e-9).floor() as i64;
    (first..=last).map(|count| count as f64 * step).collect()
}
