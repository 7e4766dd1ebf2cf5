//! Much data: `Bytes` for what goes there and back with every task, `SharedData` for what all workers
//! read and is in memory only once.
//!
//! `cargo run --release -p procpool --example large_data`
//!
//! ```text
//! 64 MiB there and back in 249ms, 16 of 16 blocks right
//! ```

use std::time::Instant;

use procpool::{Bytes, Job, Never, Pool, PoolError, SharedData, serve};

/// Encrypts with a one-time pad.
struct Pad(SharedData);

impl Job for Pad {
    const NAME: &'static str = "pad";
    /// A part of the setup, or, as here, all of it.
    type Setup = SharedData;
    /// Where in the pad, and the text. `Vec<u8>` would do as well, at twenty times the price.
    type Task = (usize, Bytes);
    type Output = Bytes;
    type Error = Never;

    fn new(pad: SharedData) -> Result<Self, Never> {
        Ok(Pad(pad))
    }

    fn run(&mut self, (start, mut text): (usize, Bytes)) -> Result<Bytes, Never> {
        let pad = &self.0[start..];
        text.iter_mut()
            .zip(pad)
            .for_each(|(byte, key)| *byte ^= key);
        Ok(text)
    }
}

const BLOCK: usize = 4 << 20;
const BLOCKS: usize = 16;

fn main() -> Result<(), PoolError> {
    serve::<Pad>();

    let pad: Vec<u8> = (0..BLOCK * BLOCKS)
        .map(|n| (n * 7 + n / 256) as u8)
        .collect();
    let pool = Pool::<Pad>::builder()
        .workers(2)
        .start(SharedData::new(&pad))?;

    let text = vec![b'x'; BLOCK];
    let start = Instant::now();
    let tasks = (0..BLOCKS).map(|n| (n * BLOCK, Bytes::from(text.clone())));
    let mut right = 0;
    for (result, pad) in pool.map(tasks).zip(pad.chunks(BLOCK)) {
        let Ok(secret) = result else { continue };
        right += usize::from(secret.iter().zip(pad).all(|(byte, key)| byte ^ key == b'x'));
    }
    let (there, took) = ((BLOCKS * BLOCK) >> 20, start.elapsed());
    println!("{there} MiB there and back in {took:.0?}, {right} of {BLOCKS} blocks right");
    Ok(())
}
