//! A contact sheet: many pictures on one.

use crate::colour;
use crate::error::PixelsError;
use crate::filter::Filter;
use crate::format::Format;
use crate::picture::{Layout, Picture};
use crate::read::read;
use crate::settings::{Fit, Settings};
use crate::turn::upright;
use crate::write::{allow, write};

/// Side of the square that a picture has to fit into, in pixels.
const CELL: u32 = 160;
/// Between pictures, and around them.
const GAP: u32 = 8;
const PAPER: [u8; 3] = [32, 32, 32];
const CROSS: [u8; 3] = [150, 60, 50];

/// A contact sheet: rows of small pictures, in the order in which they are added.
pub struct Sheet {
    columns: u32,
    paper: Picture,
    filter: Filter,
    decoded: Vec<u8>,
    next: u32,
}

impl Sheet {
    /// An empty sheet with room for `pictures` of them or a few more, about one and a half times as wide as high.
    pub fn new(pictures: usize) -> Self {
        let pictures = u32::try_from(pictures.max(1)).unwrap_or(u32::MAX);
        let columns = (f64::from(pictures) * 1.5).sqrt().ceil() as u32;
        let rows = pictures.div_ceil(columns);
        let (width, height) = (along(columns), along(rows));
        Self {
            columns,
            paper: Picture {
                width,
                height,
                layout: Layout::Rgb8,
                data: PAPER.repeat(width as usize * height as usize),
            },
            filter: Filter::new(),
            decoded: Vec::new(),
            next: 0,
        }
    }

    /// Puts the picture in `file` into the next cell. Where there is none, or none that can be read, the cell is
    /// crossed.
    pub fn add(&mut self, file: Option<&[u8]>) {
        let cell = (
            along(self.next % self.columns),
            along(self.next / self.columns),
        );
        self.next += 1;
        if cell.1 + CELL + GAP > self.paper.height {
            return; // More than was said: there is no room for it.
        }
        match file.and_then(|file| self.small(file)) {
            Some(small) => self.paste(&small, cell),
            None => self.cross(cell),
        }
    }

    /// The sheet as a file.
    ///
    /// # Errors
    /// If it is larger than `format` has room for, or its encoder refuses.
    pub fn encode(self, format: Format) -> Result<Vec<u8>, PixelsError> {
        allow((self.paper.width, self.paper.height), format)?;
        write(&self.paper, format, 85, None)
    }

    /// What fits into a cell of the picture in `file`: RGB, on white where it is transparent.
    fn small(&mut self, file: &[u8]) -> Option<Picture> {
        let settings = Settings {
            width: CELL,
            height: CELL,
            fit: Fit::Inside,
            ..Settings::default()
        };
        let format = Format::of(file)?;
        let buffer = std::mem::take(&mut self.decoded);
        let mut read = read(file, format, &settings, buffer).ok()?;
        let small = upright(self.filter.apply(&mut read, false), read.about.orientation);
        self.decoded = read.picture.data;
        // BMP holds what the sheet is made of: three bytes a pixel, and nothing else.
        Some(colour::suit(small, Format::Bmp, &mut None, &mut Vec::new()))
    }

    fn paste(&mut self, small: &Picture, cell: (u32, u32)) {
        let left = cell.0 + (CELL - small.width) / 2;
        let top = cell.1 + (CELL - small.height) / 2;
        let rows = small.data.chunks_exact(small.width as usize * 3);
        for (y, row) in (top..).zip(rows) {
            let at = self.offset(left, y);
            self.paper.data[at..at + row.len()].copy_from_slice(row);
        }
    }

    fn cross(&mut self, cell: (u32, u32)) {
        for step in 0..CELL {
            for x in [cell.0 + step, cell.0 + CELL - 1 - step] {
                let at = self.offset(x, cell.1 + step);
                self.paper.data[at..at + 3].copy_from_slice(&CROSS);
            }
        }
    }

    fn offset(&self, x: u32, y: u32) -> usize {
        (y as usize * self.paper.width as usize + x as usize) * 3
    }
}

/// Where the cell of this number begins, across or down; for all cells, where the sheet ends.
fn along(cells: u32) -> u32 {
    GAP + cells * (CELL + GAP)
}
