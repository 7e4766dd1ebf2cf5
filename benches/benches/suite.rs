//! What procpool costs, beside what cannot cost less.
//!
//! `cargo bench -p benches --bench procpool -- [FILTER] [--quick] [--save-baseline NAME] [--test]`
//!
//! Criterion measures one after the other, so two of these figures make no claim about a difference:
//! `cargo run --release -p benches --bin figures` does.

use std::time::Duration;

use anyhow::Result;
use benches::start::Until;
use benches::{Side, bytes, compute, no_op, round_trip, start};
use criterion::measurement::WallTime;
use criterion::{BenchmarkGroup, Criterion, SamplingMode, Throughput};

fn main() {
    // Worker processes are this very program: for them, `main` ends here.
    benches::serve();
    // Above all for what `--save-baseline` compares with: it should not take long to run it again.
    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(3))
        .without_plots()
        .configure_from_args();
    no_op_tasks(&mut criterion);
    round_trips(&mut criterion);
    starts(&mut criterion);
    much_data(&mut criterion);
    computing(&mut criterion);
    criterion.final_summary();
}

fn no_op_tasks(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("no-op tasks");
    few_long_samples(&mut group);
    group.throughput(Throughput::Elements(no_op::TASKS));
    add(&mut group, "procpool map", no_op::map);
    add(&mut group, "procpool map_unordered", no_op::map_unordered);
    add(&mut group, "rayon par_iter", no_op::rayon);
    add(&mut group, "std mpsc, two threads", no_op::mpsc);
}

fn round_trips(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("round trip");
    group.throughput(Throughput::Elements(1));
    add(&mut group, "procpool submit", round_trip::submit);
    add(&mut group, "bare ipc-channel", round_trip::bare);
}

fn starts(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("start");
    group.throughput(Throughput::Elements(benches::WORKERS as u64));
    add(&mut group, "procpool", || start::pool(Until::End));
    add(&mut group, "bare spawn", || start::bare(Until::End));
}

fn much_data(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("16 MiB in and out");
    group.throughput(Throughput::Bytes(2 * bytes::SIZE as u64));
    add(&mut group, "procpool submit", bytes::submit);
    add(&mut group, "two plain copies", bytes::copies);
}

fn computing(criterion: &mut Criterion) {
    let rounds = compute::rounds_per_ms();
    let mut group = criterion.benchmark_group("1 ms tasks");
    few_long_samples(&mut group);
    group.throughput(Throughput::Elements(compute::TASKS));
    add(&mut group, "procpool map", || compute::map(rounds));
    add(&mut group, "rayon par_iter", || compute::rayon(rounds));
    add(&mut group, "rayon par_bridge", || {
        compute::rayon_bridge(rounds)
    });
}

/// For iterations of 50 ms and more, of which criterion would otherwise do 5,050.
fn few_long_samples(group: &mut BenchmarkGroup<'_, WallTime>) {
    group.sampling_mode(SamplingMode::Flat).sample_size(10);
}

fn add(group: &mut BenchmarkGroup<'_, WallTime>, name: &str, make: impl Fn() -> Result<Side>) {
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

fn fail(name: &str, error: &anyhow::Error) -> ! {
    panic!("{name}: {error:#}")
}
