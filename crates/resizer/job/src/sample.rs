//! The sample input: seeded, so that every model and every machine resizes the same photos.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use clap::ValueEnum;
use resizer_pixels::Photo;

/// The size and shape of a sample.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Case {
    /// 24 photos of 12 megapixels, to 800 pixels
    Large,
    /// 300 photos of 800x600, to 160 pixels
    Small,
    /// 4 photos of 12 megapixels and 40 of 800x600, to 400 pixels
    Mixed,
    /// One photo of 100 megapixels, to 800 pixels
    Huge,
    /// 20 photos of 2 megapixels, 5 files that are damaged, and one that is no picture, to 400 pixels
    Bad,
}

/// Photos of one size in one folder.
struct Photos {
    folder: &'static str,
    count: u64,
    size: (u32, u32),
}

const fn photos(folder: &'static str, count: u64, size: (u32, u32)) -> Photos {
    Photos {
        folder,
        count,
        size,
    }
}

/// That of many cameras and phones.
const TWELVE_MEGAPIXELS: (u32, u32) = (4_000, 3_000);
/// How photos are held, as EXIF says it: mostly level, some upright, some upside down.
const ORIENTATIONS: [u8; 8] = [1, 1, 6, 1, 8, 1, 3, 1];

impl Case {
    /// Its name on the command line and in records.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Large => "large",
            Self::Small => "small",
            Self::Mixed => "mixed",
            Self::Huge => "huge",
            Self::Bad => "bad",
        }
    }

    /// What it is, for people.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Large => "24 photos of 12 megapixels",
            Self::Small => "300 photos of 800x600",
            Self::Mixed => "4 photos of 12 megapixels and 40 of 800x600",
            Self::Huge => "one photo of 100 megapixels",
            Self::Bad => "20 photos of 2 megapixels, 5 damaged files and one that is no picture",
        }
    }

    /// To how many pixels a side its photos are resized, if the user does not say.
    pub(crate) fn side(self) -> u32 {
        match self {
            Self::Large | Self::Huge => 800,
            Self::Small => 160,
            Self::Mixed | Self::Bad => 400,
        }
    }

    fn shape(self) -> Vec<Photos> {
        match self {
            Self::Large => vec![photos("", 24, TWELVE_MEGAPIXELS)],
            Self::Small => ["a", "b", "c"]
                .map(|folder| photos(folder, 100, (800, 600)))
                .into(),
            Self::Mixed => vec![
                photos("large", 4, TWELVE_MEGAPIXELS),
                photos("small", 40, (800, 600)),
            ],
            Self::Huge => vec![photos("", 1, (12_000, 8_400))],
            Self::Bad => vec![photos("", 20, (1_800, 1_200))],
        }
    }
}

/// Makes the sample `case` in the folder `dir`, which is made if it is not there.
pub(crate) fn make(case: Case, seed: u64, dir: &Path) -> Result<()> {
    let mut made = 0;
    for photos in case.shape() {
        let folder = dir.join(photos.folder);
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot make the folder {}", folder.display()))?;
        for number in 0..photos.count {
            let name = format!("photo-{number:03}.jpg");
            write(
                &folder.join(name),
                &photo(photos.size, seed, made).to_jpeg(),
            )?;
            made += 1;
        }
    }
    if case == Case::Bad {
        damaged(seed, dir)?;
    }
    Ok(())
}

/// Every photo has a seed of its own, so it does not depend on the others.
fn photo((width, height): (u32, u32), seed: u64, number: u64) -> Photo {
    Photo {
        width,
        height,
        seed: seed ^ number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
        orientation: ORIENTATIONS[(number % 8) as usize],
        quality: 90,
    }
}

/// What is found among photos: files that were not copied to their end, or that never were what they are called;
/// and one that means harm.
fn damaged(seed: u64, dir: &Path) -> Result<()> {
    let whole = photo((640, 480), seed, u64::MAX).to_jpeg();
    let files: [(&str, &[u8]); 6] = [
        ("bomb.jpg", &enlarged(&whole)),
        ("cut.jpg", &whole[..whole.len() / 10]),
        ("empty.jpg", b""),
        ("notes.txt", b"taken on holiday"),
        ("text.jpg", b"this is no picture"),
        ("unfinished.png", b"\x89PNG\r\n\x1a\n"),
    ];
    files
        .iter()
        .try_for_each(|(name, content)| write(&dir.join(name), content))
}

/// A file of a few kB that claims to hold 65,500 x 65,500 pixels: whoever believes it needs 12 GB.
fn enlarged(jpeg: &[u8]) -> Vec<u8> {
    let mut bomb = jpeg.to_vec();
    let side = 65_500_u16.to_be_bytes();
    // Segments follow each other from byte 2 on: FF, kind, length. A frame's is C0 to C2 here, and begins with the
    // depth, the height and the width.
    let mut at = 2;
    while let Some([0xff, kind, high, low]) =
        bomb.get(at..at + 4).map(|it| [it[0], it[1], it[2], it[3]])
    {
        if matches!(kind, 0xc0..=0xc2) && bomb.len() >= at + 9 {
            bomb[at + 5..at + 7].copy_from_slice(&side);
            bomb[at + 7..at + 9].copy_from_slice(&side);
            break;
        }
        at += 2 + usize::from(u16::from_be_bytes([high, low]));
    }
    bomb
}

fn write(path: &Path, content: &[u8]) -> Result<()> {
    fs::write(path, content).with_context(|| format!("cannot write {}", path.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bomb_differs_from_the_photo_in_its_size_alone() {
        let whole = photo((640, 480), 1, 0).to_jpeg();
        let bomb = enlarged(&whole);
        let places: Vec<_> = (0..whole.len())
            .filter(|at| whole[*at] != bomb[*at])
            .collect();
        assert_eq!(places.len(), 4, "{places:?}");
        assert_eq!(
            whole[places[0]..=places[3]],
            [480_u16.to_be_bytes(), 640_u16.to_be_bytes()].concat()
        );
        assert_eq!(bomb[places[0]..=places[3]], [0xff, 0xdc, 0xff, 0xdc]);
    }
}
