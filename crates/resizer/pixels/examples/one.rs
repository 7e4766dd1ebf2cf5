//! Makes one picture smaller, or draws a sample photo, and says how long it took: for trying the library by hand.
//!
//! ```text
//! cargo run --release -p resizer-pixels --example one -- photo 4000 3000 1 6 photo.jpg
//! cargo run --release -p resizer-pixels --example one -- resize photo.jpg small.jpg 800 600
//! ```

use std::time::Instant;
use std::{env, fs};

use resizer_pixels::{Format, Photo, Resizer, Settings};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = env::args().skip(1).collect();
    match args.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["photo", width, height, seed, orientation, to] => {
            let photo = Photo {
                width: width.parse()?,
                height: height.parse()?,
                seed: seed.parse()?,
                orientation: orientation.parse()?,
                quality: 92,
            };
            let begin = Instant::now();
            let file = photo.to_jpeg();
            println!("drawn in {:?}, {} bytes", begin.elapsed(), file.len());
            fs::write(to, file)?;
        }
        ["resize", from, to, width, height, ref flags @ ..] => {
            let extension = to.rsplit('.').next().unwrap_or_default();
            let formats = [
                Format::Jpeg,
                Format::Png,
                Format::Gif,
                Format::WebP,
                Format::Tiff,
                Format::Bmp,
            ];
            let settings = Settings {
                width: width.parse()?,
                height: height.parse()?,
                format: formats
                    .into_iter()
                    .find(|format| format.extension() == extension),
                linear: flags.contains(&"linear"),
                fast: flags.contains(&"fast"),
                ..Settings::default()
            };
            let file = fs::read(from)?;
            let mut resizer = Resizer::new(settings);
            let mut least = None;
            for _ in 0..7 {
                let begin = Instant::now();
                let resized = resizer.resize(&file)?;
                least = least.min(Some(begin.elapsed())).or(Some(begin.elapsed()));
                if fs::metadata(to).is_err() {
                    println!("{:?} -> {:?} {:?}", resized.from, resized.to, resized.notes);
                    fs::write(to, resized.bytes)?;
                }
            }
            println!("{:?} at the least of 7", least.unwrap_or_default());
        }
        _ => return Err("usage: see the head of this file".into()),
    }
    Ok(())
}
