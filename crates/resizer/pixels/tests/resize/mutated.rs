//! Damaged in every way that a seeded mutator thinks of: an error or a picture, never a panic, never more memory than
//! allowed.
//!
//! `RESIZER_MUTATIONS=1000000 cargo test --release -p resizer-pixels -- mutated --nocapture` tries for hours, and
//! `RESIZER_SEED=7` other ones.

use std::collections::BTreeMap;
use std::env;
use std::panic::catch_unwind;

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};
use resizer_pixels::{Format, PixelsError, Resizer, Settings};

use crate::bad::sound;

/// Of a JPEG whose longer side is 160, all that may be decoded: the whole, five eighths, four, three, two, one.
const SIDES: [u32; 6] = [100, 50, 40, 28, 20, 10];

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
    let rounds = number("RESIZER_MUTATIONS").unwrap_or(3_000);
    let seed = number("RESIZER_SEED").unwrap_or(20);
    let (files, mut random) = (sound(), Pcg64Mcg::seed_from_u64(seed));
    let (mut resized, mut refused) = (0, BTreeMap::new());
    for round in 0..rounds {
        let (format, file) = &files[round as usize % files.len()];
        let file = mutated(file, &mut random);
        let side = SIDES[round as usize / files.len() % SIDES.len()];
        let settings = Settings {
            width: side,
            height: side,
            linear: round % 5 == 0,
            fast: round % 3 == 0,
            format: [None, Some(Format::Jpeg), Some(Format::Png)][round as usize % 3],
            memory: 50_000_000,
            ..Settings::default()
        };
        let result = catch_unwind(|| Resizer::new(settings).resize(&file));
        let Ok(result) = result else {
            panic!(
                "{format}, seed {seed}, round {round}: a panic (kept: {})",
                keep(&file)
            );
        };
        match result {
            Ok(_) => resized += 1,
            Err(error) => *refused.entry(kind(&error)).or_insert(0) += 1,
        }
    }
    println!("seed {seed}, {rounds} files: {resized} resized, refused {refused:?}");
    assert!(resized > 0, "the mutator leaves nothing to resize");
}

fn number(variable: &str) -> Option<u64> {
    let value = env::var(variable).ok()?;
    Some(value.parse().expect("a number"))
}

/// The name of an error without what it says of the one picture.
fn kind(error: &PixelsError) -> String {
    let name = format!("{error:?}");
    let end = name.find(|letter: char| !letter.is_alphanumeric());
    name[..end.unwrap_or(name.len())].to_owned()
}

/// Where the file that caused it was kept.
fn keep(file: &[u8]) -> String {
    let path = env::temp_dir().join("resizer-mutated");
    std::fs::write(&path, file)
        .map_or_else(|error| error.to_string(), |()| path.display().to_string())
}
