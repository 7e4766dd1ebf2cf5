//! From the bytes of a picture to the bytes of a smaller one.
//!
//! ```text
//!              Settings
//!                 │
//! file's bytes ─> Resizer ─> Resized { bytes, from, to, notes }
//!                 │
//!                 read  ──> filter ──> turn ──> colour ──> write
//!                 JPEG at   Lanczos    upright  what the    JPEG, PNG, ...
//!                 n/8 size                      format has
//! ```
//!
//! One [`Resizer`] belongs to one worker: it keeps its buffers from picture to picture. It starts no thread, so
//! that workers are what a program says they are; that, and not speed alone, chose the decoders (`decoders.md`).
//!
//! # What is right
//! - A picture is written upright: the EXIF orientation is applied, and no longer stands in the file.
//! - An ICC profile is kept, where format and colours still fit it.
//! - Colours are weighted by their alpha: what is invisible colours nothing.
//! - Filtering happens on the values that are stored, as in most programs; with [`Settings::linear`] it happens
//!   in linear light.
//! - What a picture takes is bounded by [`Settings::memory`], and known from its header before it is taken.
#![warn(missing_docs)]

mod colour;
mod error;
mod filter;
mod fit;
mod format;
mod note;
mod photo;
mod picture;
mod read;
mod resizer;
mod settings;
mod sheet;
mod turn;
mod write;

pub use error::PixelsError;
pub use format::Format;
pub use note::Note;
pub use photo::Photo;
pub use resizer::{Resized, Resizer};
pub use settings::{Fit, Settings};
pub use sheet::Sheet;
