//! What is started is ready, and ends.

use super::*;

#[test]
fn every_way_starts_as_many_workers_as_it_is_asked_for() {
    for workers in [1_u32, 5, 33] {
        let record = record(&["--workers", &workers.to_string(), "--samples", "6"]);
        let names: Vec<_> = record
            .starts
            .iter()
            .map(|start| start.way.as_str())
            .collect();
        assert_eq!(names, ways());
        for start in &record.starts {
            assert_eq!((start.workers, start.samples), (workers, 6));
            for figure in [&start.ready_ns, &start.end_ns] {
                let (low, high) = (figure.low.unwrap(), figure.high.unwrap());
                assert!(low <= figure.median && figure.median <= high, "{start:?}");
                // A clock of 0 or of another process would be seen here: nothing takes an hour.
                assert!(low > 0.0 && high < 3.6e12, "{start:?}");
            }
        }
        // One block warms up.
        let items = u64::from(workers) * 7 * ways().len() as u64;
        assert_eq!(record.run.outcome.items, items);
        assert_eq!(record.run.outcome.checksum, format!("{items:016x}"));
        assert_eq!(record.run.workers, workers);
    }
}

/// Workers of a process say eight bytes each into one pipe. Some of them have a line feed in it.
#[test]
fn whatever_workers_say_arrives_whole() {
    for way in ways() {
        let record = record(&["--way", way, "--workers", "16", "--samples", "60"]);
        let start = &record.starts[0];
        assert!(start.ready_ns.high.unwrap() < 3.6e12, "{start:?}");
        assert_eq!(record.run.outcome.items, 16 * 61);
    }
}

#[test]
fn a_large_parent_is_compared_with_a_small_one() {
    let record = record(&["--workers", "2", "--samples", "6", "--ballast", "16MiB"]);
    let small = record
        .starts
        .iter()
        .filter(|start| start.ballast_bytes == 0);
    assert_eq!(small.count(), ways().len());
    let large = record
        .starts
        .iter()
        .filter(|start| start.ballast_bytes == 16 << 20);
    assert_eq!(large.count(), ways().len());
    assert_eq!(record.run.outcome.items, 2 * 7 * 2 * ways().len() as u64);
}

#[test]
fn without_a_number_there_are_several() {
    let record = record(&["--way", ways()[0], "--samples", "1"]);
    let workers: Vec<_> = record.starts.iter().map(|start| start.workers).collect();
    assert_eq!(workers, [1, 2, 4, 16, 64]);
    // Of one sample there is no interval.
    assert_eq!(record.starts[0].ready_ns.low, None);
}
