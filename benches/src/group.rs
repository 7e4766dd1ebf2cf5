//! What is benched: groups of sides that do the same.

use anyhow::Result;
use criterion::Throughput;

use crate::{Side, bytes, compute, no_op, round_trip, scenarios, start};

/// Sides that do the same by other means, so that a reader sees them beside each other.
pub struct Group {
    /// Its name, which begins with that of the scenario or library: `hasher`, or `procpool round trip`.
    pub name: &'static str,
    /// What one iteration of each side does.
    pub throughput: Throughput,
    /// Whether an iteration takes milliseconds: then few of them are enough.
    pub long: bool,
    /// Its sides by their names, each made when it is its turn.
    pub sides: Vec<(&'static str, Make)>,
}

/// Makes a side ready to be timed.
pub type Make = Box<dyn Fn() -> Result<Side> + Send>;

/// Everything that `cargo bench` measures one after the other.
pub fn groups() -> Vec<Group> {
    let mut groups = scenarios::groups();
    groups.extend(of_procpool());
    groups
}

fn of_procpool() -> Vec<Group> {
    let elements = Throughput::Elements;
    vec![
        Group {
            name: "procpool no-op tasks",
            throughput: elements(no_op::TASKS),
            long: true,
            sides: vec![
                ("procpool map", Box::new(no_op::map)),
                ("procpool map_unordered", Box::new(no_op::map_unordered)),
                ("rayon par_iter", Box::new(no_op::rayon)),
                ("std mpsc, two threads", Box::new(no_op::mpsc)),
            ],
        },
        Group {
            name: "procpool round trip",
            throughput: elements(1),
            long: false,
            sides: vec![
                ("procpool submit", Box::new(round_trip::submit)),
                ("bare ipc-channel", Box::new(round_trip::bare)),
            ],
        },
        Group {
            name: "procpool start",
            throughput: elements(crate::WORKERS as u64),
            long: false,
            sides: vec![
                (
                    "procpool",
                    Box::new(|| start::pool(start::Until::End)) as Make,
                ),
                ("bare spawn", Box::new(|| start::bare(start::Until::End))),
            ],
        },
        Group {
            name: "procpool 16 MiB in and out",
            throughput: Throughput::Bytes(2 * bytes::SIZE as u64),
            long: false,
            sides: vec![
                ("procpool submit", Box::new(bytes::submit)),
                ("two plain copies", Box::new(bytes::copies)),
            ],
        },
        Group {
            name: "procpool 1 ms tasks",
            throughput: elements(compute::TASKS),
            long: true,
            sides: vec![
                ("procpool map", of_a_millisecond(compute::map)),
                ("rayon par_iter", of_a_millisecond(compute::rayon)),
                ("rayon par_bridge", of_a_millisecond(compute::rayon_bridge)),
            ],
        },
    ]
}

fn of_a_millisecond(make: fn(u64) -> Result<Side>) -> Make {
    Box::new(move || make(compute::rounds_per_ms()))
}
