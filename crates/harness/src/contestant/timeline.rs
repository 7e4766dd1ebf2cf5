//! One row a worker: what it did when, in characters.

use crate::record::{RunRecord, Span, SpanKind};

/// Rows at most; more would push the rest of the summary off the screen.
const ROWS: usize = 16;
/// Eighths of a cell, from idle to computing all the time.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
const WAITING: char = '·';

/// The timeline of `record`, `width` characters a row, each row ending in a line feed. Empty if no
/// worker did anything.
pub(super) fn timeline(record: &RunRecord, width: usize) -> String {
    let total = record.phases.total_ns().max(1);
    let workers = record
        .spans
        .iter()
        .map(|span| span.worker as usize + 1)
        .max()
        .unwrap_or(0);
    let name = record.worker();
    let digits = workers.to_string().len();
    let mut text = String::new();
    for worker in 0..workers.min(ROWS) {
        let spans: Vec<&Span> = record
            .spans
            .iter()
            .filter(|span| span.worker as usize == worker)
            .collect();
        let tasks: u64 = spans.iter().map(|span| span.tasks).sum();
        let plural = if tasks == 1 { "" } else { "s" };
        text += &format!(
            "  {name} {:>digits$} ▕{}▏ {tasks} task{plural}, {}\n",
            worker + 1,
            row(&spans, total, width),
            shares(&spans, total),
        );
    }
    if workers > ROWS {
        text += &format!("  and {} more\n", workers - ROWS);
    }
    text
}

/// For which part of the run a worker was at tasks, and at which kind of them.
fn shares(spans: &[&Span], total: u64) -> String {
    let share = |kind| {
        let of_kind = spans.iter().filter(|span| span.kind == kind);
        let busy: u64 = of_kind.map(|span| span.busy_ns).sum();
        busy as f64 * 100.0 / total as f64
    };
    let (computing, waiting) = (share(SpanKind::Computing), share(SpanKind::Waiting));
    match (computing > 0.0, waiting > 0.0) {
        (_, false) => format!("busy {computing:.0} %"),
        (false, true) => format!("waiting {waiting:.0} %"),
        (true, true) => format!("busy {computing:.0} %, waiting {waiting:.0} %"),
    }
}

/// How wide a row of a timeline may be on this terminal, in characters.
pub fn terminal_width() -> usize {
    // What stands beside a row: the worker's name before it, its figures behind it.
    const BESIDE: usize = 45;
    let (_, columns) = console::Term::stderr().size();
    usize::from(columns).saturating_sub(BESIDE).clamp(20, 100)
}

/// One row: each cell shows for which part of its time the worker computed, or that it rather waited.
fn row(spans: &[&Span], total: u64, width: usize) -> String {
    let mut computing = vec![0.0; width];
    let mut waiting = vec![0.0; width];
    for span in spans {
        let cells = match span.kind {
            SpanKind::Computing => &mut computing,
            SpanKind::Waiting => &mut waiting,
        };
        spread(span, total, cells);
    }
    computing
        .into_iter()
        .zip(waiting)
        .map(|(computing, waiting)| {
            if waiting > computing {
                WAITING
            } else {
                EIGHTHS[(computing * 8.0).round() as usize]
            }
        })
        .collect()
}

/// Adds to each cell the share of its time that `span` was busy in it (a merged span evenly).
fn spread(span: &Span, total: u64, cells: &mut [f64]) {
    let cell = total as f64 / cells.len() as f64;
    let (start, end) = (span.start_ns as f64 / cell, span.end_ns as f64 / cell);
    let density = span.busy_ns as f64 / (span.end_ns - span.start_ns).max(1) as f64;
    for (index, share) in cells.iter_mut().enumerate().skip(start as usize) {
        let inside = (end.min(index as f64 + 1.0) - start.max(index as f64)).max(0.0);
        if inside == 0.0 {
            break;
        }
        *share = (*share + inside * density).min(1.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(kind: SpanKind, start_ns: u64, end_ns: u64) -> Span {
        Span {
            worker: 0,
            task: 0,
            tasks: 1,
            kind,
            start_ns,
            end_ns,
            busy_ns: end_ns - start_ns,
        }
    }

    #[test]
    fn a_row_shows_when_a_worker_computed_waited_and_idled() {
        let spans = [
            span(SpanKind::Computing, 20, 40),
            span(SpanKind::Waiting, 50, 70),
            span(SpanKind::Computing, 75, 80),
        ];
        let spans: Vec<_> = spans.iter().collect();
        assert_eq!(row(&spans, 100, 10), "  ██ ··▄  ");
    }

    #[test]
    fn a_row_says_how_much_of_it_was_waiting() {
        let (computing, waiting) = (SpanKind::Computing, SpanKind::Waiting);
        let said = |spans: &[Span]| shares(&spans.iter().collect::<Vec<_>>(), 100);
        assert_eq!(said(&[span(computing, 0, 50)]), "busy 50 %");
        assert_eq!(said(&[span(waiting, 0, 50)]), "waiting 50 %");
        let both = [span(computing, 0, 20), span(waiting, 20, 90)];
        assert_eq!(said(&both), "busy 20 %, waiting 70 %");
    }

    #[test]
    fn a_merged_span_is_as_high_as_it_was_busy() {
        let half = Span {
            busy_ns: 50,
            ..span(SpanKind::Computing, 0, 100)
        };
        assert_eq!(row(&[&half], 100, 4), "▄▄▄▄");
    }

    #[test]
    fn a_span_that_ends_after_the_run_stays_in_its_row() {
        let late = span(SpanKind::Computing, 90, 120);
        assert_eq!(row(&[&late], 100, 10), "         █");
    }
}
