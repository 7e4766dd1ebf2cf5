//! Damaged in every way that a seeded mutator thinks of: an error or a picture, never a panic, never more memory than
//! allowed.
//!
//! `RESIZER_MUTATIONS=1000000 cargo test --release -p resizer-pixels -- mutated` tries for hours.

use std::env;
use std::panic::catch_unwind;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use resizer_pixels::{Format, Resizer, Settings};

use crate::bad::sound;

/// `file` with a few bytes changed, cut out, doubled or swapped for ones that mean something.
fn mutated(file: &[u8], random: &mut Pcg64Mcg) -> Vec<u8> {
    let mut file = file.to_vec();
    for _ in 0..=random.next_u32() % 6 {
        // Half of them near the head, where formats keep what matters.
        let within = if random.next_u32().is_multiple_of(2) {
            file.len().min(700)
        } else {
            file.len()
        };
        if within < 8 {
            break;
        }
        let at = random.next_u32() as usize % (within - 4);
        let length = (random.next_u32() as usize % 64).min(file.len() - at);
        match random.next_u32() % 7 {
            0 => file[at] ^= 1 << (random.next_u32() % 8),
            1 => file[at] = random.next_u32() as u8,
            2 => file[at] = [0, 1, 0x7f, 0x80, 0xff][random.next_u32() as usize % 5],
            3 => file[at..at + 4].copy_from_slice(&random.next_u32().to_le_bytes()),
            4 => drop(file.drain(at..at + length)),
            5 => {
                let copy = file[at..at + length].to_vec();
                file.splice(at..at, copy);
            }
            _ => file.truncate(at.max(16)),
        }
    }
    file
}

#[test]
fn a_mutated_picture_is_an_error_or_a_picture() {
    let wanted = env::var("RESIZER_MUTATIONS")
        .ok()
        .and_then(|number| number.parse().ok());
    let (files, mut random) = (sound(), Pcg64Mcg::seed_from_u64(20));
    let mut resized = 0;
    for round in 0..wanted.unwrap_or(3_000_u64) {
        let (format, file) = &files[round as usize % files.len()];
        let file = mutated(file, &mut random);
        let settings = Settings {
            width: 40,
            height: 30,
            linear: round % 5 == 0,
            fast: round % 3 == 0,
            format: [None, Some(Format::Jpeg), Some(Format::Png)][round as usize % 3],
            memory: 50_000_000,
            ..Settings::default()
        };
        let result = catch_unwind(|| Resizer::new(settings).resize(&file));
        let Ok(result) = result else {
            panic!("{format}, round {round}: a panic (kept: {})", keep(&file));
        };
        resized += u32::from(result.is_ok());
    }
    assert!(resized > 0, "the mutator leaves nothing to resize");
}

/// Where the file that caused it was kept.
fn keep(file: &[u8]) -> String {
    let path = env::temp_dir().join("resizer-mutated");
    std::fs::write(&path, file)
        .map_or_else(|error| error.to_string(), |()| path.display().to_string())
}
