//! Several claims from one measurement.

/// P-values corrected for there being several of them, in the order given: if each claim is made whose
/// corrected value is at most 5 %, the chance that any of them is false is at most 5 %, however they
/// hang together. Holm, S. (1979), "A simple sequentially rejective multiple test procedure",
/// Scandinavian Journal of Statistics 6(2), 65-70.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut corrected = vec![1.0; p_values.len()];
    let mut least: f64 = 0.0;
    for (rank, &place) in order.iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        least = least.max((p_values[place] * left).min(1.0));
        corrected[place] = least;
    }
    corrected
}
