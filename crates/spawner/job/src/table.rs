//! Tables for people, on stdout.

use bytesize::ByteSize;
use harness::report::numbers;

use crate::break_even::{BreakEven, CostAt, Place};
use crate::costs::StartCost;
use crate::figure::Figure;
use crate::limit::Limit;

/// What workers cost to start and to end. Without the column of the parent where there was no ballast.
pub(crate) fn costs(costs: &[StartCost]) -> String {
    let has_ballast = costs.iter().any(|cost| cost.ballast_bytes > 0);
    let header = [
        "way",
        "workers",
        "ready after",
        "a worker",
        "gone after",
        "a worker",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(costs.iter().map(|cost| {
        let each = |figure: &Figure| time(figure.seconds() / f64::from(cost.workers));
        vec![
            cost.way.clone(),
            cost.workers.to_string(),
            figure(&cost.ready_ns),
            each(&cost.ready_ns),
            figure(&cost.end_ns),
            each(&cost.end_ns),
        ]
    }));
    if has_ballast {
        let parents = costs.iter().map(|cost| parent(cost.ballast_bytes));
        let column = ["parent".to_owned()].into_iter().chain(parents);
        for (row, cell) in rows.iter_mut().zip(column) {
            row.insert(1, cell);
        }
    }
    aligned(&rows)
}

fn parent(ballast_bytes: u64) -> String {
    if ballast_bytes == 0 {
        "small".to_owned()
    } else {
        format!("+{}", size(ballast_bytes))
    }
}

/// How many workers can live at once.
pub(crate) fn limits(limits: &[Limit]) -> String {
    let header = [
        "way",
        "alive",
        "memory each",
        "page tables",
        "kernel stack",
        "stopped by",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(limits.iter().map(|limit| {
        let bytes = |bytes: Option<Figure>| bytes.map_or_else(|| "?".to_owned(), sizes);
        let stopped = limit.stopped.clone();
        vec![
            limit.way.clone(),
            limit.alive.to_string(),
            bytes(limit.each.map(|each| each.pss_bytes)),
            bytes(limit.each.and_then(|each| each.page_tables_bytes)),
            bytes(limit.each.and_then(|each| each.kernel_stack_bytes)),
            stopped.unwrap_or_else(|| format!("--most {}", limit.most)),
        ]
    }));
    aligned(&rows)
}

/// From which length of a task on two workers are worth it.
pub(crate) fn break_evens(found: &[BreakEven]) -> String {
    let header = [
        "way",
        "its workers",
        "worth it from",
        "95 % interval",
        "2 tasks of",
        "by it",
        "in place",
    ];
    let mut rows = vec![header.map(str::to_owned).to_vec()];
    rows.extend(found.iter().map(|one| {
        let shortest = |figure: fn(&CostAt) -> f64| {
            let cost = one.costs.first();
            cost.map_or_else(String::new, |cost| time(figure(cost) / 1e9))
        };
        vec![
            one.way.clone(),
            one.whose().to_owned(),
            place(one.from_ns, one),
            format!("{} to {}", place(one.low_ns, one), place(one.high_ns, one)),
            shortest(|cost| cost.task_ns),
            shortest(|cost| cost.way_ns.median),
            shortest(|cost| cost.in_place_ns.median),
        ]
    }));
    aligned(&rows)
}

/// A length of a task among those that were measured, for people.
pub(crate) fn place(place: Place, of: &BreakEven) -> String {
    let end = |cost: Option<&CostAt>| cost.map_or(f64::NAN, |cost| cost.task_ns / 1e9);
    match place {
        Place::At(ns) => time(ns / 1e9),
        Place::Below => format!("<{}", time(end(of.costs.first()))),
        Place::Above => format!(">{}", time(end(of.costs.last()))),
    }
}

fn figure(figure: &Figure) -> String {
    numbers::time(figure.seconds(), figure.interval_s()).to_string()
}

fn time(seconds: f64) -> String {
    numbers::time(seconds, None).to_string()
}

/// The median, and in brackets its interval.
fn sizes(figure: Figure) -> String {
    let size = |bytes: f64| size(bytes as u64);
    let ends = figure.low.zip(figure.high);
    let interval = ends.map(|(low, high)| format!(" ({}–{})", size(low), size(high)));
    size(figure.median) + &interval.unwrap_or_default()
}

fn size(bytes: u64) -> String {
    ByteSize(bytes).display().iec().to_string()
}

/// Columns as wide as their widest cell: the first to the left, all others to the right.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |row: &Vec<String>| {
        let mut text = format!("{:<width$}", row[0], width = widths[0]);
        for (cell, width) in row.iter().zip(&widths).skip(1) {
            text += &format!("  {cell:>width$}");
        }
        text + "\n"
    };
    rows.iter().map(line).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::each::Each;

    fn figure_of(median: f64) -> Figure {
        Figure {
            median,
            low: Some(median * 0.9),
            high: Some(median * 1.1),
        }
    }

    /// The cells of a line: they are two spaces apart at least.
    fn cells(text: &str, line: usize) -> Vec<&str> {
        let line = text.lines().nth(line).unwrap();
        let cells = line.split("  ").map(str::trim);
        cells.filter(|cell| !cell.is_empty()).collect()
    }

    #[test]
    fn a_row_of_costs_has_both_times_and_their_share() {
        let cost = |ballast_bytes| StartCost {
            way: "fork".to_owned(),
            workers: 4,
            ballast_bytes,
            samples: 20,
            ready_ns: figure_of(200e6),
            end_ns: figure_of(80e6),
        };
        let text = costs(&[cost(0)]);
        assert_eq!(cells(&text, 0).len(), 6);
        let row = cells(&text, 1);
        assert_eq!(row[..2], ["fork", "4"]);
        assert!(
            row[2].starts_with("200 ms (180") && row[2].ends_with("220)"),
            "{row:?}"
        );
        assert_eq!((row[3], row[5]), ("50.0 ms", "20.0 ms"));
        let both = costs(&[cost(0), cost(512 << 20)]);
        assert_eq!(cells(&both, 0)[1], "parent");
        assert_eq!(
            (cells(&both, 1)[1], cells(&both, 2)[1]),
            ("small", "+512.0 MiB")
        );
    }

    #[test]
    fn a_limit_says_what_stopped_it_and_what_is_not_told() {
        let limit = |stopped: Option<&str>, page_tables_bytes| Limit {
            way: "thread".to_owned(),
            alive: 312,
            most: 1000,
            stopped: stopped.map(str::to_owned),
            each: Some(Each {
                pss_bytes: Figure::of([12 << 10; 6]),
                page_tables_bytes,
                kernel_stack_bytes: Some(Figure::of([16 << 10])),
            }),
        };
        let expected = "\
way     alive                   memory each  page tables  kernel stack   stopped by
thread    312  12.0 KiB (12.0 KiB–12.0 KiB)            ?      16.0 KiB     too many
thread    312  12.0 KiB (12.0 KiB–12.0 KiB)      8.0 KiB      16.0 KiB  --most 1000
";
        let both = [
            limit(Some("too many"), None),
            limit(None, Some(Figure::of([8 << 10]))),
        ];
        assert_eq!(limits(&both), expected);
    }

    #[test]
    fn what_lies_outside_of_what_was_measured_is_said_to() {
        let cost = |task_ns| CostAt {
            task_ns,
            way_ns: figure_of(300e6),
            in_place_ns: figure_of(task_ns * 2.0),
        };
        let found = BreakEven {
            way: "fork".to_owned(),
            pooled: false,
            blocks: 10,
            from_ns: Place::At(52e6),
            low_ns: Place::Below,
            high_ns: Place::Above,
            costs: vec![cost(4e6), cost(32e9)],
        };
        let text = break_evens(&[found]);
        let expected = [
            "fork",
            "fresh",
            "52.0 ms",
            "<4.00 ms to >32.0 s",
            "4.00 ms",
            "300 ms",
            "8.00 ms",
        ];
        assert_eq!(cells(&text, 1), expected);
    }
}
