//! The median of a few figures, with an interval.

/// The median, and an interval that covers the median of what the figures were drawn from in 95 % of cases or more:
/// between two of the figures, the same number from both ends, by the binomial distribution. It assumes nothing of how
/// they are spread. None for fewer than six figures, of which not even the range covers it.
///
/// W. R. Thompson (1936), "On confidence ranges for the median", Annals of Mathematical Statistics 7(3), 122-128.
pub(crate) fn median(figures: &[f64]) -> Option<(f64, Option<(f64, f64)>)> {
    let mut sorted = figures.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let median = f64::midpoint(*sorted.get(n / 2)?, sorted[(n - 1) / 2]);
    let interval = left_out(n).map(|cut| (sorted[cut], sorted[n - 1 - cut]));
    Some((median, interval))
}

/// How many figures may be left out at each end.
fn left_out(n: usize) -> Option<usize> {
    // Of n figures, `below` or fewer lie on one side of the median with this probability.
    let (mut chance, mut ways, mut fits) = (0.0, 0.5_f64.powf(n as f64), None);
    for below in 0..n / 2 {
        chance += ways;
        if chance > 0.025 {
            break;
        }
        fits = Some(below);
        ways *= (n - below) as f64 / (below + 1) as f64;
    }
    fits
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_tables() {
        // Conover, W. J. (1999), "Practical nonparametric statistics", table A3.
        let known = [
            (5, None),
            (6, Some(0)),
            (8, Some(0)),
            (9, Some(1)),
            (20, Some(5)),
        ];
        for (n, cut) in known {
            assert_eq!(left_out(n), cut, "{n}");
        }
    }

    #[test]
    fn a_median_has_its_interval_whatever_the_order() {
        let figures = [5.0, 1.0, 4.0, 2.0, 3.0, 6.0];
        assert_eq!(median(&figures), Some((3.5, Some((1.0, 6.0)))));
        assert_eq!(median(&figures[..1]), Some((5.0, None)));
        assert_eq!(median(&[]), None);
    }
}
