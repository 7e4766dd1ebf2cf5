//! The progress bar: only on a terminal, never in a measured run.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A progress bar over bytes, with rate and time left. Hidden, and nearly free, unless it was asked for
/// and stderr is a terminal.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
    /// What items have brought.
    bytes: AtomicU64,
}

impl Progress {
    /// A bar that is never drawn.
    pub fn hidden() -> Self {
        ProgressBar::hidden().into()
    }

    /// A bar on stderr, if that is a terminal. `total` finds out how many bytes there are: it runs in
    /// a thread of its own, adds to its argument as it goes, and the bar grows with it.
    ///
    /// # Panics
    /// If the bar's template were wrong, which a test would have shown.
    pub fn over_bytes(total: impl FnOnce(&AtomicU64) + Send + 'static) -> Self {
        let bar = ProgressBar::with_draw_target(Some(0), ProgressDrawTarget::stderr());
        if bar.is_hidden() {
            return bar.into();
        }
        let template = "{bar:30} {decimal_bytes}/{decimal_total_bytes} {decimal_bytes_per_sec} {eta} left  {msg}";
        bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
        bar.enable_steady_tick(Duration::from_millis(100));
        grow(bar.clone(), total);
        bar.into()
    }

    /// A bar over items on stderr, if that is a terminal; `total` of them, if that is known.
    ///
    /// # Panics
    /// If the bar's template were wrong, which a test would have shown.
    pub fn over_items(total: Option<u64>) -> Self {
        let target = ProgressDrawTarget::stderr();
        let bar = ProgressBar::with_draw_target(total, target);
        if bar.is_hidden() {
            return bar.into();
        }
        let template = match total {
            Some(_) => "{bar:30} {human_pos}/{human_len} {per_sec} {eta} left  {msg}",
            None => "{spinner} {human_pos} {per_sec}  {msg}",
        };
        bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
        bar.enable_steady_tick(Duration::from_millis(100));
        bar.into()
    }

    /// One more item is done, of `bytes` bytes.
    pub fn item(&self, bytes: u64) {
        if self.bar.is_hidden() {
            return;
        }
        self.bytes.fetch_add(bytes, Ordering::Relaxed);
        let bytes = super::bytes(self.bytes.load(Ordering::Relaxed));
        self.bar.set_message(bytes);
        self.bar.inc(1);
    }

    /// `bytes` more are done.
    pub fn add(&self, bytes: u64) {
        self.bar.inc(bytes);
    }

    /// Runs `print` with the bar out of the way of what it prints.
    pub fn suspend<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }

    /// Takes the bar off the screen.
    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}

impl From<ProgressBar> for Progress {
    fn from(bar: ProgressBar) -> Self {
        let bytes = AtomicU64::new(0);
        Self { bar, bytes }
    }
}

/// Two threads: one counts, one shows the count so far, ten times a second.
fn grow(bar: ProgressBar, total: impl FnOnce(&AtomicU64) + Send + 'static) {
    let known = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&known);
    let counter = std::thread::spawn(move || total(&counting));
    std::thread::spawn(move || {
        while !counter.is_finished() && !bar.is_finished() {
            bar.set_length(known.load(Ordering::Relaxed));
            std::thread::sleep(Duration::from_millis(100));
        }
        bar.set_length(known.load(Ordering::Relaxed));
    });
}
