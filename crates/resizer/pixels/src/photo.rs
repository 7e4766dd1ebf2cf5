//! Sample photos, drawn from a seed: a sky with clouds, ridges behind one another in haze, a meadow with detail, and
//! the grain of a sensor. They compress like photos do, and have edges, gradients and texture to judge a filter by.

use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

use crate::picture::{Layout, Picture};
use crate::turn::shown;
use crate::write::jpeg_with_exif;

/// A sample photo. The same fields give the same bytes.
#[derive(Clone, Debug, PartialEq)]
pub struct Photo {
    /// Width in the file, at least 1; the upright photo has it as its height if `orientation` is 5 to 8.
    pub width: u32,
    /// Height in the file, likewise.
    pub height: u32,
    /// What it shows.
    pub seed: u64,
    /// EXIF's number, 1 to 8: how it has to be turned to stand upright. It is drawn turned the other way.
    pub orientation: u8,
    /// Quality of the JPEG, 1 to 100; cameras use about 95.
    pub quality: u8,
}

impl Photo {
    /// The photo as a JPEG, with its orientation in EXIF data.
    ///
    /// # Panics
    /// If a side is 0 or more than 65,500.
    pub fn to_jpeg(&self) -> Vec<u8> {
        let picture = self.draw();
        jpeg_with_exif(&picture, self.quality, &exif(self.orientation))
            .expect("a photo within the limits of the format can be written")
    }

    fn draw(&self) -> Picture {
        let (width, height) = (self.width, self.height);
        let size = if self.orientation >= 5 {
            (height, width)
        } else {
            (width, height)
        };
        let scene = Scene::new(size, self.seed);
        let mut grain = Pcg64Mcg::seed_from_u64(self.seed ^ 0x9e37);
        let mut data = Vec::with_capacity(width as usize * height as usize * 3);
        for row in 0..height {
            let mut noise = 0_u64;
            for column in 0..width {
                if column % 16 == 0 {
                    noise = grain.next_u64();
                }
                let place = shown((column, row), size, self.orientation);
                // Four bits a pixel, from -3 to 4: what a sensor adds in good light.
                let speck = (noise & 7) as f32 - 3.0;
                noise >>= 4;
                let sample = |value: f32| (value + speck).clamp(0.0, 255.0) as u8;
                data.extend(scene.colour(place).map(sample));
            }
        }
        Picture {
            width,
            height,
            layout: Layout::Rgb8,
            data,
        }
    }
}

/// What is to be seen, upright.
struct Scene {
    width: f32,
    height: f32,
    texture: Texture,
    leaves: Texture,
    /// Height of each ridge's edge above the horizon for every column, in rows from the top; the farthest first.
    ridges: Vec<Vec<f32>>,
    sky: [[f32; 3]; 2],
    land: [f32; 3],
    sun: (f32, f32),
}

const RIDGES: usize = 4;

impl Scene {
    fn new(size: (u32, u32), seed: u64) -> Self {
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut unit = || random.next_u32() as f32 / u32::MAX as f32;
        let (width, height) = (size.0 as f32, size.1 as f32);
        let warm = unit();
        let sky = [
            [60.0 + 60.0 * warm, 110.0 + 20.0 * warm, 190.0 - 30.0 * warm],
            [
                215.0 + 30.0 * warm,
                205.0 + 10.0 * warm,
                225.0 - 50.0 * warm,
            ],
        ];
        let land = [
            70.0 + 50.0 * unit(),
            85.0 + 35.0 * unit(),
            45.0 + 25.0 * unit(),
        ];
        let sun = (width * (0.1 + 0.8 * unit()), height * (0.08 + 0.2 * unit()));
        let starts: Vec<f32> = (0..RIDGES).map(|_| unit() * 900.0).collect();
        let texture = Texture::new(seed ^ 0x5eed, &[4, 8, 16, 32, 64, 128, 256], 0.56);
        let leaves = Texture::new(seed ^ 0x1eaf, &[32, 64, 128, 256], 1.1);
        let ridge = |(number, start): (usize, &f32)| {
            let nearness = number as f32 / RIDGES as f32;
            let base = height * (0.42 + 0.32 * nearness);
            let swing = height * (0.22 - 0.1 * nearness);
            let edge = |x: u32| {
                let along = x as f32 / width * (3.0 + 4.0 * nearness);
                base - swing * (texture.at(start + along * 24.0, number as f32 * 77.0) - 0.3)
                    - swing * 0.12 * texture.at(start + along * 160.0, 31.0)
            };
            (0..size.0).map(edge).collect()
        };
        let ridges = starts.iter().enumerate().map(ridge).collect();
        Self {
            width,
            height,
            texture,
            leaves,
            ridges,
            sky,
            land,
            sun,
        }
    }

    /// The colour at a place, before grain; samples may lie a little outside of 0 to 255.
    fn colour(&self, (x, y): (u32, u32)) -> [f32; 3] {
        let (across, down) = (x as f32, y as f32);
        let edges = self.ridges.iter().map(|ridge| ridge[x as usize]);
        match edges.rev().position(|edge| down > edge) {
            Some(from_front) => self.land(across, down, RIDGES - 1 - from_front),
            None => self.sky(across, down),
        }
    }

    fn sky(&self, x: f32, y: f32) -> [f32; 3] {
        let depth = (y / (self.height * 0.6)).min(1.0);
        let scale = 700.0 / self.width;
        let cloud = self.texture.at(x * scale * 0.5, y * scale * 1.4) - 0.5 + 0.25 * (1.0 - depth);
        let cloud = (cloud * 2.6).clamp(0.0, 1.0);
        let away = ((x - self.sun.0).powi(2) + (y - self.sun.1).powi(2)).sqrt() / self.height;
        let glow = 90.0 / (1.0 + 900.0 * away * away);
        let mix = |channel: usize| {
            let clear =
                self.sky[0][channel] + (self.sky[1][channel] - self.sky[0][channel]) * depth;
            clear + (244.0 - clear) * cloud * 0.85 + glow
        };
        [mix(0), mix(1), mix(2)]
    }

    fn land(&self, x: f32, y: f32, ridge: usize) -> [f32; 3] {
        let nearness = (ridge as f32 + 0.6) / RIDGES as f32;
        // Coarse shapes in the size of the picture, and leaves in the size of pixels: only near ones are seen.
        let scale = 2400.0 / self.width * (0.6 + 0.4 * nearness);
        let coarse = self.texture.at(x * scale * 0.35, y * scale * 0.6) - 0.5;
        let fine = self.leaves.at(x * 0.83, y * 0.83) - 0.5;
        let light = 1.0 + coarse * 0.9 + fine * 1.5 * nearness * nearness;
        let haze = (1.0 - nearness) * 0.75;
        let mix = |channel: usize| {
            self.land[channel] * light * (1.0 - haze) + self.sky[1][channel] * 0.8 * haze
        };
        [mix(0), mix(1), mix(2)]
    }
}

/// Side of the texture, a power of two; it goes on at its edges as it began.
const SIDE: usize = 512;

/// A smooth random surface, the sum of waves of noise, each half as long as the one before.
struct Texture(Vec<f32>);

impl Texture {
    /// So many knots a side for each wave, each `falloff` times as high as the one before.
    fn new(seed: u64, waves: &[usize], falloff: f32) -> Self {
        let mut sum = vec![0.0; SIDE * SIDE];
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut height = 0.5;
        for &cells in waves {
            let knots: Vec<f32> = (0..cells * cells)
                .map(|_| random.next_u32() as f32 / u32::MAX as f32)
                .collect();
            for (index, sum) in sum.iter_mut().enumerate() {
                let place = |index: usize| index as f32 * cells as f32 / SIDE as f32;
                *sum += height * between(&knots, cells, place(index % SIDE), place(index / SIDE));
            }
            height *= falloff;
        }
        let (least, most) = sum
            .iter()
            .fold((f32::MAX, f32::MIN), |(least, most), &value| {
                (least.min(value), most.max(value))
            });
        Self(
            sum.iter()
                .map(|value| (value - least) / (most - least))
                .collect(),
        )
    }

    /// Its height at a place, 0 to 1.
    fn at(&self, x: f32, y: f32) -> f32 {
        between(&self.0, SIDE, x, y)
    }
}

/// The value at a place between the knots of a square that repeats itself; `side` is a power of two.
fn between(knots: &[f32], side: usize, x: f32, y: f32) -> f32 {
    let (left, top) = (x.floor(), y.floor());
    let (right, down) = (x - left, y - top);
    let column = |offset: i32| (left as i32 + offset) as usize & (side - 1);
    let row = |offset: i32| ((top as i32 + offset) as usize & (side - 1)) * side;
    let above = knots[row(0) + column(0)] * (1.0 - right) + knots[row(0) + column(1)] * right;
    let below = knots[row(1) + column(0)] * (1.0 - right) + knots[row(1) + column(1)] * right;
    above * (1.0 - down) + below * down
}

/// EXIF data that holds the orientation: a little-endian TIFF with one entry.
fn exif(orientation: u8) -> Vec<u8> {
    let mut data = b"II*\0\x08\0\0\0\x01\0".to_vec();
    data.extend_from_slice(&[0x12, 0x01, 3, 0, 1, 0, 0, 0, orientation, 0, 0, 0]);
    data.extend_from_slice(&[0; 4]);
    data
}
