//! The progress bar: only on a terminal, never in a measured run.

use std::fmt::Write;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use console::{Term, truncate_str};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};

/// So often is a bar drawn.
const TICK: Duration = Duration::from_millis(100);
/// Who looks at more lines than these sees none of them.
const MOST_LINES: usize = 10;

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
        bar.enable_steady_tick(TICK);
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
            Some(_) => "{bar:30} {human_pos}/{human_len} {per_sec} {eta} left  {msg}{running}",
            None => "{spinner} {human_pos} {per_sec}  {msg}{running}",
        };
        bar.set_style(ProgressStyle::with_template(template).expect("a valid template"));
        bar.enable_steady_tick(TICK);
        bar.into()
    }

    /// Whether it is drawn.
    pub fn is_shown(&self) -> bool {
        !self.bar.is_hidden()
    }

    /// Shows under a bar over items what is under way: `running` gives a line an item, and is asked about ten
    /// times a second. Where the terminal has no room for all lines, the first ones are shown.
    pub fn show_running(&self, running: impl Fn() -> Vec<String> + Send + Sync + 'static) {
        let running = Arc::new(Running {
            lines: running,
            last: Mutex::default(),
        });
        let draw = move |_: &ProgressState, out: &mut dyn Write| {
            let text = running.text(Instant::now(), Term::stderr().size());
            // To a string of the bar's, which takes everything.
            let _ = out.write_str(&text);
        };
        self.bar
            .set_style(self.bar.style().with_key("running", draw));
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

/// What is under way, as lines under a bar.
struct Running<F> {
    lines: F,
    /// When it was asked last, and what it said: the bar is drawn anew for each line that is printed, too.
    last: Mutex<Option<(Instant, String)>>,
}

impl<F: Fn() -> Vec<String>> Running<F> {
    /// Each line after a line break, for a terminal of (rows, columns).
    fn text(&self, now: Instant, size: (u16, u16)) -> String {
        let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
        match &*last {
            Some((asked, text)) if now.duration_since(*asked) < TICK => text.clone(),
            _ => {
                let text = under_each_other(&(self.lines)(), size);
                *last = Some((now, text.clone()));
                text
            }
        }
    }
}

fn under_each_other(lines: &[String], (rows, columns): (u16, u16)) -> String {
    // Beside the bar, and the line that the cursor is in.
    let room = usize::from(rows.saturating_sub(2)).min(MOST_LINES);
    let shown = match lines.len() {
        all if all <= room => all,
        _ => room.saturating_sub(1),
    };
    let width = usize::from(columns.saturating_sub(1));
    let mut text = String::new();
    for line in &lines[..shown] {
        text += "\n";
        text += &truncate_str(line, width, "...");
    }
    if shown < lines.len() && room > 0 {
        text += &format!("\n  and {} more", lines.len() - shown);
    }
    text
}

/// Two threads: one counts, one shows the count so far, ten times a second.
fn grow(bar: ProgressBar, total: impl FnOnce(&AtomicU64) + Send + 'static) {
    let known = Arc::new(AtomicU64::new(0));
    let counting = Arc::clone(&known);
    let counter = std::thread::spawn(move || total(&counting));
    std::thread::spawn(move || {
        while !counter.is_finished() && !bar.is_finished() {
            bar.set_length(known.load(Ordering::Relaxed));
            std::thread::sleep(TICK);
        }
        bar.set_length(known.load(Ordering::Relaxed));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(count: usize) -> Vec<String> {
        (1..=count).map(|number| format!("line {number}")).collect()
    }

    #[test]
    fn all_that_runs_is_shown_where_there_is_room() {
        assert_eq!(under_each_other(&[], (24, 80)), "");
        assert_eq!(under_each_other(&lines(2), (24, 80)), "\nline 1\nline 2");
    }

    #[test]
    fn what_has_no_room_is_counted() {
        let text = under_each_other(&lines(50), (24, 80));
        assert_eq!(text.lines().count(), 1 + MOST_LINES);
        assert!(text.ends_with("\nline 9\n  and 41 more"), "{text}");
        let text = under_each_other(&lines(3), (4, 80));
        assert_eq!(text, "\nline 1\n  and 2 more");
        assert_eq!(under_each_other(&lines(3), (2, 80)), "");
    }

    #[test]
    fn a_line_is_no_longer_than_the_terminal_is_wide() {
        let text = under_each_other(&["0123456789".into()], (24, 9));
        assert_eq!(text, "\n01234...");
    }

    #[test]
    fn what_runs_is_asked_for_ten_times_a_second_and_no_more() {
        let asked = AtomicU64::new(0);
        let running = Running {
            lines: || vec![asked.fetch_add(1, Ordering::Relaxed).to_string()],
            last: Mutex::default(),
        };
        let began = Instant::now();
        let text = |millis| running.text(began + Duration::from_millis(millis), (24, 80));
        assert_eq!([text(0), text(99), text(101)], ["\n0", "\n0", "\n1"]);
    }
}
