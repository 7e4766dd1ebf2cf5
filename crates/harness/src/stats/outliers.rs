//! Blocks that lie far from the others.

use crate::stats::median::median_of;

/// How many scaled median absolute deviations away a block is flagged.
pub const FLAGGED_BEYOND: f64 = 3.0;

/// Makes the median absolute deviation of normal values their standard deviation.
const SCALE: f64 = 1.4826;

/// Which of the values lie farther than [`FLAGGED_BEYOND`] scaled median absolute deviations (MAD) from
/// the median, by their places. Where more than half of the values are equal there is no scale to judge
/// by, and none is flagged. Hampel, F. R. (1974), "The influence curve and its role in robust
/// estimation", Journal of the American Statistical Association 69(346), 383-393.
pub fn outliers(values: &[f64]) -> Vec<usize> {
    let Some(centre) = median_of(values.iter().copied()) else {
        return Vec::new();
    };
    let distance = |value: &f64| (value - centre).abs();
    let deviation = median_of(values.iter().map(distance)).unwrap_or_default() * SCALE;
    let far = |value: &f64| deviation > 0.0 && distance(value) > FLAGGED_BEYOND * deviation;
    values
        .iter()
        .enumerate()
        .filter(|(_, value)| far(value))
        .map(|(place, _)| place)
        .collect()
}
