//! A soak: a pool is used in every way at once while its workers are killed, and every result is
//! checked. What is done is drawn from a seed; when it happens is up to the machine.
//!
//! `board` is where all write what has happened; `client` uses the pool, `trouble` disturbs it.

mod board;
mod client;
mod job;
mod leftovers;
mod random;
mod trouble;

use std::error::Error;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use procpool::{Pool, PoolError};

use board::{Board, read};
use client::Client;
use job::{Order, Soak};
use leftovers::{Belongings, children};
use random::Random;

pub(crate) use job::serve_quietly;
pub(crate) use leftovers::run_in_own_directory;

/// It ends when the time is over or both clients have done so many operations.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Options {
    pub(crate) seed: u64,
    pub(crate) workers: usize,
    pub(crate) time: Duration,
    pub(crate) operations: u64,
}

/// Runs a soak in this process. Says what was done, or else what was wrong.
pub(crate) fn run(options: Options) -> Result<String, String> {
    let board = Arc::new(Board::default());
    let watch = {
        let (board, seed) = (Arc::clone(&board), options.seed);
        thread::spawn(move || board.watch(seed))
    };
    let start = Instant::now();
    let done = soak(options, &board);
    board.finish();
    let _ = watch.join();
    let mut faults = board.faults();
    faults.extend(done.err().map(|error| error.to_string()));
    let took = start.elapsed().as_secs_f64();
    let rate = board.steps() as f64 / took;
    let said = format!(
        "seed {}: {board}; {took:.1} s, {rate:.0} results a second",
        options.seed
    );
    if faults.is_empty() {
        Ok(said)
    } else {
        Err(format!(
            "{said}\nseed {}: WRONG:\n{}",
            options.seed,
            faults.join("\n")
        ))
    }
}

fn soak(options: Options, board: &Arc<Board>) -> Result<(), Box<dyn Error>> {
    // The first use may open what stays open, once.
    drop(start(options, &Arc::default())?);
    let before = Belongings::now()?;
    let pool = start(options, board)?;
    use_and_disturb(&pool, options, board);
    check_calm(&pool, board);
    board.doing("main", "shutdown".into());
    board.step();
    let report = pool.shutdown()?;
    board.doing("main", "looks for what is left".into());
    board.step();
    let caused = read(&board.kills) + read(&board.cancels);
    board.demand(report.died <= caused, || {
        format!("{} deaths, {caused} caused", report.died)
    });
    let right: u64 = board.right.iter().map(read).sum();
    board.demand(report.tasks >= right, || {
        format!("{right} results, {} counted", report.tasks)
    });
    Ok(before.wait_for()?)
}

/// With an even seed, workers are also replaced after some tasks.
fn start(options: Options, board: &Arc<Board>) -> Result<Pool<Soak>, PoolError> {
    let board = Arc::clone(board);
    let builder = Pool::<Soak>::builder()
        .workers(options.workers)
        // Whatever is killed from outside must succeed at last.
        .retries(1000)
        .on_event(move |event| board.hear(event));
    let mut random = Random::new(options.seed, 0);
    let builder = if options.seed.is_multiple_of(2) {
        builder.max_tasks_per_worker(20 + random.of_any_size(5000))
    } else {
        builder
    };
    builder.start(())
}

fn use_and_disturb(pool: &Pool<Soak>, options: Options, board: &Board) {
    let random = |stream| Random::new(options.seed, stream);
    let work = |name, stream| {
        let random = random(stream);
        let mut client = Client {
            name,
            pool,
            board,
            random,
        };
        client.work(options.operations);
    };
    thread::scope(|scope| {
        scope.spawn(|| trouble::kill_workers(pool, board, random(1)));
        scope.spawn(|| trouble::resize(pool, board, options.workers, random(2)));
        scope.spawn(|| trouble::look_on(pool, board, random(3)));
        let clients = [
            scope.spawn(|| work("first client", 4)),
            scope.spawn(|| work("second client", 5)),
        ];
        let start = Instant::now();
        let works = |client: &thread::ScopedJoinHandle<()>| !client.is_finished();
        while clients.iter().any(works) && start.elapsed() < options.time && !board.is_over() {
            thread::sleep(Duration::from_millis(20));
        }
        board.call_it_over();
        for client in clients {
            // A panic of the pool in a client's thread is a fault, too.
            board.demand(client.join().is_ok(), || "a client panicked".into());
        }
    });
}

/// When nobody disturbs it any more, the pool is as good as new.
fn check_calm(pool: &Pool<Soak>, board: &Board) {
    board.doing("main", "uses the pool in peace".into());
    let kind = job::Kind::Echo;
    let orders = (0..1000).map(|number| Order { number, kind });
    let mut results = pool.map(orders.clone().map(Order::task));
    for (order, outcome) in orders.zip(&mut results) {
        board.step();
        let right = order.is_answered_by(order.number, &outcome);
        board.demand(right, || format!("in peace: {order:?}: {outcome:?}"));
    }
    drop(results);
    let start = Instant::now();
    let complete = || pool.worker_ids().len() == pool.workers() && children() == pool.workers();
    while !complete() {
        if start.elapsed() > Duration::from_secs(20) {
            let (ids, workers, children) = (pool.worker_ids(), pool.workers(), children());
            return board.fault(format!(
                "{workers} workers wanted, {ids:?} work, {children} processes live"
            ));
        }
        thread::sleep(Duration::from_millis(5));
    }
}
