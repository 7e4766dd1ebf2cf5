//! The whole suite: what each part costs, then threads against processes in blocks.
//!
//! ```sh
//! cargo bench                                # everything
//! cargo bench -- hasher                      # one scenario
//! cargo bench -- --save-baseline before      # for criterion's own comparison, later with --baseline before
//! cargo bench -- --test                      # everything once, to see that it works
//! ```
//!
//! Criterion measures one after the other, so two of its figures make no claim about threads and processes: what a
//! change to the code did to one of them is what they are for. The claims come from the blocks of `versus`, which follow.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use benches::suite::{Asked, compare};
use benches::{Group, Make, groups};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode};

/// Of each bench. Above all for what `--save-baseline` compares with: it should not take long to run it again.
const WARM_UP: Duration = Duration::from_millis(500);
const MEASUREMENT: Duration = Duration::from_secs(2);

fn main() -> ExitCode {
    // Workers are this very program: for them, `main` ends here.
    benches::serve();
    match run() {
        Ok(status) => status,
        Err(error) => {
            eprintln!("suite: {error:#}");
            ExitCode::from(1)
        }
    }
}

fn run() -> Result<ExitCode> {
    let asked = Asked::new(std::env::args().skip(1), groups())?;
    if let Some(announcement) = asked.announcement(WARM_UP + MEASUREMENT) {
        eprintln!("{announcement}\n");
    }
    let mut criterion = Criterion::default()
        .warm_up_time(WARM_UP)
        .measurement_time(MEASUREMENT)
        .without_plots()
        .configure_from_args();
    for group in &asked.groups {
        bench(group, &mut criterion);
    }
    criterion.final_summary();
    compare(&asked.scenarios)
}

fn bench(group: &Group, criterion: &mut Criterion) {
    let mut benches = criterion.benchmark_group(group.name);
    if group.long {
        // Criterion would otherwise do 5,050 iterations.
        benches.sampling_mode(SamplingMode::Flat).sample_size(10);
    }
    benches.throughput(group.throughput.clone());
    for (name, make) in &group.sides {
        add(&mut benches, name, make);
    }
}

fn add(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, make: &Make) {
    // Made when it is its turn, if the filter gives it one, and gone before the next begins.
    let mut side = None;
    group.bench_function(name, |bencher| {
        let side = side.get_or_insert_with(|| make().unwrap_or_else(|error| fail(name, &error)));
        bencher.iter_custom(|iterations| {
            let took = side.run(iterations);
            took.unwrap_or_else(|error| fail(name, &error))
        });
    });
}

/// Criterion's closures cannot fail otherwise.
fn fail(name: &str, error: &anyhow::Error) -> ! {
    panic!("{name}: {error:#}")
}
