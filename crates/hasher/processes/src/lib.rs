//! Hashing files with processes: procpool's workers, beside this process.
//!
//! Compare with `hasher-threads`: same order, other primitives.
#![warn(missing_docs)]

use std::num::NonZeroU32;

use anyhow::Result;
use hasher::{Answer, FileHasher, Report, Task, Tasks};
use procpool::{Job, Never, Pool};

/// Hashes the files of all `tasks` on `workers` processes and hands the answers to `report`, in the
/// order of the tasks.
///
/// # Errors
/// If the processes cannot be started or `report` cannot be written.
pub fn run(tasks: Tasks, workers: NonZeroU32, report: &mut Report) -> Result<()> {
    // Processes are this program once more: each has to be started, to connect, and to get its setup.
    let pool = Pool::<HashFiles>::builder()
        .workers(workers.get() as usize)
        .start(())?;
    report.workers_ready();

    // An answer is copied from one process to another: encoded there, sent, and decoded here. A task
    // whose worker died has an answer too.
    pool.map(tasks).try_for_each(|answer| {
        report.take(answer.unwrap_or_else(|lost| lost.task.unanswered(&lost.cause)))
    })?;
    report.work_done();

    // The processes are waited for. One that crashed has cost no more than the task it was at.
    pool.shutdown()?;
    Ok(())
}

/// Each worker has a job of its own, with a buffer that it uses again for every file.
pub struct HashFiles(FileHasher);

impl Job for HashFiles {
    const NAME: &'static str = "hash files";
    type Setup = ();
    type Task = Task;
    type Output = Answer;
    type Error = Never;

    fn new((): ()) -> Result<Self, Never> {
        Ok(Self(FileHasher::new()))
    }

    fn run(&mut self, task: Task) -> Result<Answer, Never> {
        Ok(self.0.answer(task))
    }
}
