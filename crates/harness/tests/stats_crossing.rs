//! Where one way begins to cost less than another, on a simulated machine whose truth is known.
//!
//! The incumbent costs x, the challenger 100 and half of x: they cross at 200. Sizes are a factor of 2 apart, and 200
//! lies at no round place between two of them. Everything is seeded.
#![cfg(feature = "measure")]

use harness::stats::crossing::{AtSize, Place, crossing};
use rand_pcg::Pcg64;
use rand_pcg::rand_core::{Rng, SeedableRng};

const TRUTH: f64 = 200.0;
const MACHINES: u64 = 1500;

struct Machine {
    random: Pcg64,
    /// Logarithm of its slowness, which wanders.
    level: f64,
}

impl Machine {
    fn new(seed: u64) -> Self {
        let random = Pcg64::seed_from_u64(seed);
        Self { random, level: 0.0 }
    }

    fn uniform(&mut self) -> f64 {
        (self.random.next_u64() >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// By Box and Muller.
    fn normal(&mut self) -> f64 {
        let radius = (-2.0 * (1.0 - self.uniform()).ln()).sqrt();
        radius * (std::f64::consts::TAU * self.uniform()).cos()
    }

    /// What takes so long on a quiet machine; one in twelve runs takes far longer.
    fn run(&mut self, cost: f64) -> f64 {
        self.level += 0.004 * self.normal();
        let is_slow = self.uniform() < 0.08;
        let tail = f64::from(u8::from(is_slow)) * -0.3 * (1.0 - self.uniform()).ln();
        cost * (self.level + 0.05 * self.normal() + tail).exp()
    }
}

/// Both ways at each size in `blocks`; `once` is what the challenger costs at once.
fn measured(seed: u64, blocks: usize, once: f64) -> Vec<AtSize> {
    let mut machine = Machine::new(seed);
    let mut sizes: Vec<AtSize> = (0..8)
        .map(|power| AtSize {
            size: 11.0 * 2_f64.powi(power),
            pairs: Vec::new(),
        })
        .collect();
    for _ in 0..blocks {
        for at in &mut sizes {
            let challenger = machine.run(once + at.size / 2.0);
            at.pairs.push((challenger, machine.run(at.size)));
        }
    }
    sizes
}

#[test]
fn the_interval_covers_the_truth_as_often_as_it_says_and_the_point_is_not_shifted() {
    for blocks in [10, 20] {
        let found = (0..MACHINES).map(|seed| crossing(&measured(seed, blocks, 100.0), 0.95));
        let found: Vec<_> = found.map(|one| one.expect("enough blocks")).collect();
        let is_covered =
            |low: Place, high: Place| low <= Place::At(TRUTH) && Place::At(TRUTH) <= high;
        let covered = found.iter().filter(|one| is_covered(one.low, one.high));
        let covered = covered.count() as f64 / MACHINES as f64;
        let mut points: Vec<f64> = found.iter().filter_map(|one| one.point.size()).collect();
        points.sort_by(f64::total_cmp);
        let middle = points[points.len() / 2];
        println!(
            "n = {blocks}: covered {:.1} %, middle {middle:.1}",
            covered * 100.0
        );
        assert!((0.94..=0.985).contains(&covered), "n = {blocks}: {covered}");
        assert!(
            (middle / TRUTH - 1.0).abs() < 0.01,
            "n = {blocks}: {middle}"
        );
        assert_eq!(found[0].n, blocks);
        assert!(
            found
                .iter()
                .all(|one| one.low <= one.point && one.point <= one.high)
        );
    }
}

#[test]
fn without_noise_the_crossing_is_exact_however_coarse_the_sizes_are() {
    let at = |size: f64| AtSize {
        size,
        pairs: vec![(100.0 + size / 2.0, size); 10],
    };
    let found = crossing(&[at(3.0), at(1000.0)], 0.95).unwrap();
    for place in [found.low, found.point, found.high] {
        assert!((place.size().unwrap() - TRUTH).abs() < 1e-9, "{found:?}");
    }
}

#[test]
fn who_never_or_always_costs_less_has_no_crossing_among_the_sizes() {
    let never = crossing(&measured(1, 10, 1e6), 0.95).unwrap();
    assert_eq!([never.low, never.point, never.high], [Place::Above; 3]);
    let always = crossing(&measured(1, 10, 0.0), 0.95).unwrap();
    assert_eq!([always.low, always.point, always.high], [Place::Below; 3]);
}

/// What cannot be told apart at the greatest size may cross there, or never.
#[test]
fn an_interval_may_be_open() {
    let open = (0..200).map(|seed| crossing(&measured(seed, 10, 704.0), 0.95).unwrap());
    let open: Vec<_> = open.filter(|one| one.high == Place::Above).collect();
    assert!(open.len() > 150, "{}", open.len());
    assert!(open.iter().any(|one| one.low.size().is_some()));
}

/// One lucky size is not enough: it must stay so.
#[test]
fn only_the_last_crossing_counts() {
    let at = |size: f64, ratio: f64| AtSize {
        size,
        pairs: vec![(size * ratio, size); 10],
    };
    let sizes = [at(1.0, 2.0), at(2.0, 0.5), at(4.0, 1.5), at(8.0, 0.5)];
    let point = crossing(&sizes, 0.95).unwrap().point;
    // Excesses of 2 at 4, and of -4 at 8.
    assert!(
        (point.size().unwrap() - (4.0 + 4.0 / 3.0)).abs() < 1e-9,
        "{point:?}"
    );
}

#[test]
fn what_is_not_sound_has_no_crossing() {
    let at = |size: f64, pair: (f64, f64), n: usize| AtSize {
        size,
        pairs: vec![pair; n],
    };
    let sound = |size| at(size, (1.0, 2.0), 10);
    assert!(crossing(&[sound(1.0), sound(2.0)], 0.95).is_some());
    assert_eq!(crossing(&[], 0.95), None);
    assert_eq!(crossing(&[sound(1.0)], 0.95), None);
    assert_eq!(crossing(&[sound(2.0), sound(1.0)], 0.95), None);
    assert_eq!(crossing(&[sound(0.0), sound(1.0)], 0.95), None);
    assert_eq!(crossing(&[sound(f64::NAN), sound(1.0)], 0.95), None);
    assert_eq!(crossing(&[sound(1.0), at(2.0, (0.0, 1.0), 10)], 0.95), None);
    assert_eq!(crossing(&[sound(1.0), at(2.0, (1.0, 2.0), 9)], 0.95), None);
    let five = |size| at(size, (1.0, 2.0), 5);
    assert_eq!(crossing(&[five(1.0), five(2.0)], 0.95), None);
}
