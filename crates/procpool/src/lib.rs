//! A pool of worker processes that survives what its workers do.
//!
//! A thread that aborts, overflows its stack or is killed takes the whole program with it. A worker
//! process does not: its task comes back as an error, the other tasks never notice, and a new process
//! takes its place. Otherwise a pool is used like a `map`, in order or as results come, or for single
//! tasks:
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
//!                      parent                           |               worker
//!                                                       |
//!     your iterator          submit                     |
//!          | pulled by `next`  |                        |
//!          v                   v                        |
//!     encoded into batches, large ones into a region    |
//!                    |                                  |
//!                    v                                  |
//!     queue (short, bounded)                            |
//!                    |                                  |
//!                    v                                  |
//!     lane: at most two batches with the worker         |
//!                    |                                  |
//!                    +------------- tasks --------------|--> main thread:
//!                                                       |    decode, run, encode
//!     the lane's thread, or whoever                     |         |
//!     waits for its only task  <---------- outputs -----|---------+
//!                    |                                  |
//!                    | by position                      |
//!                    v                                  |
//!     `next`, `wait`: decoded on your thread            |
//!                                                       |
//!     regions of shared memory, for what is large: mapped once by each side, lent to and fro
//!                                                       |
//!     watch thread <---- page: which task, progress ----|--- before and after each task
//!                  ----- page: stop, take tasks back ---|--> looked at before each task
//!                  ----- control: send what is done ----|--> control thread, also while a task runs:
//!     lane         ----- control: one more region ------|-->  it ends the process with the channel,
//!                                                       |     which ends with the parent
//!     stderr, and last lines for errors <---- pipe -----|--- stdout and stderr
//!     buried and replaced <----------------- pidfd -----|--- the end of the process
//! ```
//!
//! Batches are sized by the pool: single tasks first, then as many as take about 4 ms by what the
//! workers report, fewer at the end of a map so that the workers end together. A batch that takes far
//! longer than that is handed back and shared out anew. Where tasks may take 50 ms or more, none
//! waits behind another while a worker is idle.
//!
//! # What happens when ...
//!
//! | | |
//! |---|---|
//! | a task returns an error | [`Cause::Job`] with the typed error |
//! | a task panics | [`Cause::Panicked`] with message, location and the job's part of the backtrace ([`Builder::backtraces`]); the worker lives on, with a new job made from the setup |
//! | a task ends its worker: abort, exit, signal, stack overflow | it is tried again ([`Builder::retries`], once by default), then [`Cause::GivenUp`]; without retries [`Cause::WorkerDied`]. Both say how the worker ended and what it wrote last |
//! | other tasks were with that worker | they run again, uncharged. So a task may run more than once; its result comes once |
//! | a task returns, but its output can never be delivered: it has shut the worker's channels, or sent nonsense through them | the worker's death is charged to it. Where several could be meant, each is tried again with nobody else in the worker, and then one knows |
//! | a worker cannot map the memory of a large task | it ends, and is replaced; the task is tried again there |
//! | a task runs longer than [`Builder::task_timeout`] | its worker is killed and replaced; [`Cause::TimedOut`], without another try |
//! | a task runs longer than 10 ms | the results before it are fetched from its worker at once; the tasks behind it go to others as soon as one is idle |
//! | a task is cancelled ([`Handle::cancel`]) | [`Cause::Cancelled`] at once. If it has not begun it never does; if it is running its worker is killed and replaced |
//! | a task or output is large | from 64 KiB on it travels in shared memory that is used again and again ([`Bytes`] makes it cheap to encode, and a worker reads large ones where they lie); beyond 1 GiB of such memory in packets through the channel |
//! | a worker dies between two tasks | this is noticed at once, and it is replaced; nobody is charged whose output had come |
//! | a worker has done its tasks, or holds too much memory | it ends between two tasks and is replaced ([`Builder::max_tasks_per_worker`], [`Builder::max_memory_per_worker`]) |
//! | the pool is resized in use ([`Pool::resize`]) | new workers take tasks as soon as they are set up; those that leave finish what they hold |
//! | workers cannot be replaced | after six attempts with growing pauses, and no task done meanwhile, a worker is given up; with the last one, every task gets [`Cause::NoWorker`] |
//! | the job's setup fails, panics, dies, or takes too long ([`Builder::setup_timeout`]) | [`Builder::start`] fails and says why; no process is left |
//! | `main` does not call [`serve`] | [`Builder::start`] fails and says so; a worker can start no pool, so nothing multiplies |
//! | too few files may be opened for so many workers | [`Builder::start`] and [`Pool::resize`] fail and say how many it takes, before anything is started |
//! | a task or output cannot be encoded or decoded | an error of that task alone; the task is given back all the same |
//! | the iterator, or the encoding of a task, panics | the panic reaches the caller of [`Map::next`]; later calls panic too |
//! | the consumer pauses | the iterator is left alone, and the workers run dry after a few batches |
//! | a map is dropped | what no worker has is forgotten; what they have is finished and thrown away |
//! | a [`Handle`] is dropped | the task runs on |
//! | the [`Pool`] is dropped | workers finish their task within [`Builder::grace`], or are killed; single tasks that are not done by then are [`Cause::Cancelled`] |
//! | the parent is killed, even by SIGKILL | the workers end at once, busy or not |
//! | Ctrl-C | reaches the parent alone: workers are in groups of their own, and go with the parent |
//! | a task leaves processes behind | they end with their worker, unless they have left its process group |
//! | a worker writes to stdout or stderr | it appears, by whole lines, on the parent's stderr; stdout is the parent's own |
//!
//! # What is guaranteed
//!
//! - Every task has exactly one result, whatever becomes of its worker, and [`Pool::map`] gives them in
//!   the order of the tasks. A task may *run* more than once, but only if a worker has died.
//! - Only the task that was running when a worker died is charged for it; if none was, the one that had
//!   returned and whose output could not be delivered.
//! - The iterator is asked for tasks on the caller's thread, and only so far ahead: for each worker some
//!   batches, and all in all about 32 MiB of outputs that nobody has taken yet (two tasks a worker, if
//!   those are larger).
//! - A call returns, whatever becomes of the workers. How long it takes is up to the tasks: set
//!   [`Builder::task_timeout`] if they may hang.
//! - After [`Pool::shutdown`] and after a drop, no process of the pool is left, no file and no descriptor.
//!
//! # What it asks of a program
//!
//! - [`serve`] comes first in `main`, once for each job: what stands before it runs in every worker too, and
//!   leaves standard input alone, through which a worker says that it has connected.
//!   A worker is recognised by its command line and by environment variables.
//! - SIGPIPE stays ignored, as Rust leaves it: a dying worker would otherwise end the parent.
//! - Nobody else waits for the pool's processes (`waitpid(-1)`, SIGCHLD ignored), or how they ended is
//!   lost.
//! - The temporary directory can be written, and its path has fewer than 90 bytes: workers meet the
//!   parent at a socket there, for the few milliseconds of their start. A parent that is killed just then
//!   leaves a directory and the socket behind; one that ends from within a handler of Ctrl-C calls
//!   [`remove_sockets`] in it.
//! - Files may be opened: 12 for each worker while it starts, half as many afterwards, and one for each
//!   region of shared memory.
//!
//! And of a job:
//!
//! - It leaves descriptors alone that it has not opened, and its process group and session as they are.
//! - It starts no pool; [`Builder::start`] fails in a worker.
//! - If it forks without executing another program, the child keeps the worker's channels open.
//! - If it sets a panic hook of its own, [`Cause::Panicked`] has neither location nor backtrace.
//! - Its types need no self-describing format (see [`Job`]), and a task or an output has less than 4 GiB.
//!
//! A worker that somebody stops (SIGSTOP) is taken for a busy one. It keeps the tasks that it has until it
//! is continued, killed, or the time limit of the task that it has begun is over.
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
