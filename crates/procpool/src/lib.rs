//! A pool of worker processes that survives what its workers do.
//!
//! A thread that aborts, overflows its stack or is killed takes the whole program with it. A worker
//! process does not: its task comes back as an error, the other tasks never notice, and a new process
//! takes its place. Otherwise a pool is used like a `map`:
//!
//! ```no_run
//! use procpool::{Job, Never, Pool, PoolError};
//!
//! /// Workers are processes: they find the job by its name, and get tasks as bytes.
//! struct Squares;
//!
//! impl Job for Squares {
//!     const NAME: &'static str = "squares";
//!     type Setup = ();
//!     type Task = u64;
//!     type Output = u64;
//!     type Error = Never;
//!
//!     fn new((): ()) -> Result<Self, Never> {
//!         Ok(Squares)
//!     }
//!
//!     fn run(&mut self, number: u64) -> Result<u64, Never> {
//!         Ok(number * number)
//!     }
//! }
//!
//! fn main() -> Result<(), PoolError> {
//!     // Workers are this very program, started once more. For them, `main` ends here.
//!     procpool::serve::<Squares>();
//!
//!     let pool = Pool::<Squares>::builder().workers(2).start(())?;
//!     for result in pool.map(1..=10) {
//!         match result {
//!             Ok(square) => println!("{square}"),
//!             Err(error) => eprintln!("{}: {error}", error.task),
//!         }
//!     }
//!     pool.shutdown()?;
//!     Ok(())
//! }
//! ```
//!
//! # How the data flows
//!
//! ```text
//!                    parent                          |                worker
//!                                                    |
//!   your iterator                                    |
//!        | pulled by Map::next, encoded              |
//!        v                                           |
//!   queue of batches ---> lane: at most two batches  |
//!   (short, bounded)      with the worker            |
//!                               |                    |
//!                               +------- tasks ------|--> main thread: decode, run, encode
//!                                                    |          |                |
//!                         lane's thread <-- outputs -|----------+                | before and
//!                               |                    |                           v after each task
//!   Map::next <---- results <---+        page <------|-------------------- where it stands
//!   decoded,        by position      (read after a   |
//!   in order                          crash)         |
//!                                                    |
//!        stderr <--- last lines <---- pipe ----------|--- stdout and stderr
//!        nothing is ever sent ------ lifeline -------|--> a thread that ends the process
//!                                                    |    when the parent is gone
//! ```
//!
//! Batches are sized by the pool: single tasks first, then as many as take about 1.5 ms by what the
//! workers report, fewer at the end of a map so that the workers end together. A batch that takes far
//! longer than that is handed back and shared out anew. Where tasks may take 50 ms or more, none
//! waits behind another while a worker is idle.
//!
//! # What happens when ...
//!
//! | | |
//! |---|---|
//! | a task returns an error | [`Cause::Job`] with the typed error |
//! | a task panics | [`Cause::Panicked`] with message and location; the worker lives on, with a new job made from the setup |
//! | a task ends its worker: abort, exit, signal, stack overflow | it is tried again ([`Builder::retries`], once by default), then [`Cause::GivenUp`]; without retries [`Cause::WorkerDied`] |
//! | other tasks were with that worker | they run again, uncharged. So a task may run more than once; its result comes once |
//! | a worker dies between two tasks | it is replaced; nobody is charged |
//! | workers cannot be replaced | after six attempts with growing pauses, and no task done meanwhile, a worker is given up; with the last one, every task gets [`Cause::NoWorker`] |
//! | the job's setup fails, panics or dies | [`Builder::start`] fails and says why |
//! | `main` does not call [`serve`] | [`Builder::start`] fails and says so; a worker can start no pool, so nothing multiplies |
//! | a task or output cannot be encoded or decoded | an error of that task alone; the task is given back all the same |
//! | the iterator, or the encoding of a task, panics | the panic reaches the caller of [`Map::next`]; later calls panic too |
//! | the consumer pauses | the iterator is left alone, and the workers run dry after a few batches |
//! | the [`Map`] is dropped | what no worker has is forgotten; what they have is finished and thrown away |
//! | the [`Pool`] is dropped | workers finish their task within [`Builder::grace`], or are killed |
//! | the parent is killed, even by SIGKILL | the workers end at once, busy or not |
//! | Ctrl-C | reaches the parent alone: workers are in groups of their own, and go with the parent |
//! | a task leaves processes behind | they end with their worker, unless they have left its process group |
//! | a worker writes to stdout or stderr | it appears, by whole lines, on the parent's stderr; stdout is the parent's own |
//!
//! # What it asks of a program
//!
//! - [`serve`] comes first in `main`, once for each job. A worker is recognised by environment
//!   variables, which `serve` removes.
//! - SIGPIPE stays ignored, as Rust leaves it: a dying worker would otherwise end the parent.
//! - The temporary directory can be written: workers meet the parent at a socket there, for the few
//!   milliseconds of their start. A parent that is killed just then leaves an empty directory and the
//!   socket behind; one that ends from within a handler of Ctrl-C calls [`remove_sockets`] in it.
//! - A job that forks without executing another program keeps its worker's channels open in the
//!   child; the death of the worker is then noticed when that child ends.
//!
//! Linux is tested. Other systems are written for and untested.
#![warn(missing_docs)]

mod builder;
mod bytes;
mod consumer;
mod error;
mod event;
mod job;
mod parent;
mod pool;
mod process;
mod shared_data;
mod statistics;
mod sys;
mod wire;
mod worker;

pub use builder::Builder;
pub use bytes::Bytes;
pub use consumer::{Handle, Map, MapUnordered};
pub use error::{Cause, Death, PoolError, TaskError, WorkerEnd};
pub use event::{Ended, Event};
pub use job::{Job, Never};
pub use pool::Pool;
pub use process::sockets::remove_sockets;
pub use shared_data::SharedData;
pub use statistics::{Report, WorkerStatistics};
pub use worker::{advance, serve};
