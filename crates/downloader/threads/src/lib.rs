//! Downloading pages with threads: each waits for one page at a time.
//!
//! Compare with `downloader-async` and `downloader-processes`: same order, other primitives.
#![warn(missing_docs)]

use std::io;
use std::panic::resume_unwind;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use anyhow::Result;
use downloader::{Answer, Download, Fetcher, Report, Task, Tasks, Turn, Turns};
use harness::contestant::InOrder;
use tokio::runtime::{Builder, Runtime};

/// Fetches the pages of `download` on its number of threads, and hands the answers to `report`, in the order of
/// the tasks.
///
/// # Errors
/// If the threads cannot be started or `report` cannot be written.
pub fn run(download: Download, report: &mut Report) -> Result<()> {
    // A thread has a runtime and a client of its own: it waits for its server and for nobody else. (reqwest's
    // blocking client would hand every request to one more thread, in which all of them meet.)
    let workers = (0..download.workers.get())
        .map(|_| {
            let runtime = Builder::new_current_thread().enable_all().build()?;
            Ok((runtime, Fetcher::new(&download.settings)?))
        })
        .collect::<Result<Vec<_>>>()?;
    report.workers_ready();

    // 50 pages at once are 50 threads: each is asleep until its page comes, and the system wakes it.
    let shared = Shared {
        turns: Mutex::new(Turns::new(download.tasks, download.per_host)),
        done: Condvar::new(),
        report: Mutex::new((InOrder::default(), &mut *report)),
    };
    thread::scope(|scope| {
        let start = |(runtime, fetcher)| scope.spawn(|| shared.work(runtime, fetcher));
        let threads: Vec<_> = workers.into_iter().map(start).collect();
        let mut ends = threads.into_iter().map(thread::ScopedJoinHandle::join);
        ends.try_for_each(|end| end.unwrap_or_else(|panic| resume_unwind(panic)))
    })?;
    report.work_done();

    // The threads have ended by themselves. One that crashed would have taken this process with it.
    Ok(())
}

/// What all threads see: they are in one memory, and a lock lets one of them at a time at each part of it.
struct Shared<'r> {
    turns: Mutex<Turns<Tasks>>,
    /// Some task is done: a host that was busy may be free.
    done: Condvar,
    report: Mutex<(InOrder<Answer>, &'r mut Report)>,
}

impl Shared<'_> {
    #[expect(
        clippy::needless_pass_by_value,
        reason = "a thread takes its own with it when it ends"
    )]
    fn work(&self, runtime: Runtime, fetcher: Fetcher) -> io::Result<()> {
        while let Some((number, task)) = self.next() {
            let answer = runtime.block_on(fetcher.answer(0, task));
            lock(&self.turns).done(number);
            self.done.notify_all();
            let (order, report) = &mut *lock(&self.report);
            let mut answers = order.put(number, answer);
            answers
                .try_for_each(|answer| report.take(answer))
                .inspect_err(|_| lock(&self.turns).stop())?;
        }
        Ok(())
    }

    fn next(&self) -> Option<(usize, Task)> {
        let mut turns = lock(&self.turns);
        loop {
            match turns.next() {
                Turn::Task(number, task) => return Some((number, task)),
                Turn::Wait => {
                    let woken = self.done.wait(turns);
                    turns = woken.unwrap_or_else(PoisonError::into_inner);
                }
                Turn::End => return None,
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
