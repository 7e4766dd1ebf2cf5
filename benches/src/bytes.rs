//! Much data: into a worker and out of it again, or copied twice.

use std::hint::black_box;
use std::mem;
use std::time::Instant;

use anyhow::{Result, ensure};
use procpool::{Bytes, Job, Never, Pool};

use crate::Side;

/// Bytes in one piece: 16 MiB.
pub const SIZE: usize = 16 << 20;

/// Gives back the bytes that it is given.
pub struct SendBack;

impl Job for SendBack {
    const NAME: &'static str = "send back";
    type Setup = ();
    type Task = Bytes;
    type Output = Bytes;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Self)
    }

    fn run(&mut self, bytes: Bytes) -> Result<Bytes, Never> {
        Ok(bytes)
    }
}

/// procpool: a task of [`SIZE`] bytes, which one worker gives back.
///
/// Every task is the caller's own memory when the time begins, and the output is when it ends: making
/// one a [`Bytes`] and the other a `Vec` counts, so nothing is won by keeping either elsewhere.
///
/// # Errors
/// If the pool cannot be started.
pub fn submit() -> Result<Side> {
    let pool = Pool::<SendBack>::builder().workers(1).start(())?;
    let mut content = pattern();
    Ok(Side::parts(move || {
        let task = mem::take(&mut content);
        let clock = Instant::now();
        content = pool.submit(Bytes::from(task)).wait()?.into_vec();
        let took = clock.elapsed();
        check(&content)?;
        Ok(took)
    }))
}

/// Two copies between two buffers that were both used before.
///
/// # Errors
/// Never; as the others.
pub fn copies() -> Result<Side> {
    let (mut here, mut there) = (pattern(), vec![1; SIZE]);
    Ok(Side::parts(move || {
        let clock = Instant::now();
        there.copy_from_slice(black_box(&here));
        here.copy_from_slice(black_box(&there));
        let took = clock.elapsed();
        check(black_box(&here))?;
        Ok(took)
    }))
}

/// Each byte tells in which page it is.
fn pattern() -> Vec<u8> {
    (0..SIZE).map(byte).collect()
}

fn byte(place: usize) -> u8 {
    (place >> 12) as u8
}

/// Looks at one byte in 64 KiB: more would decide what is in the cache for the next copy.
fn check(content: &[u8]) -> Result<()> {
    ensure!(
        content.len() == SIZE,
        "{} bytes instead of {SIZE}",
        content.len()
    );
    let mut places = (0..SIZE).step_by(64 << 10);
    ensure!(
        places.all(|place| content[place] == byte(place)),
        "bytes were changed on the way"
    );
    Ok(())
}
