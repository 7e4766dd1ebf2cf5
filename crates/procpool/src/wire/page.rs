//! The page that parent and worker share: where the worker stands, and what is asked of it.
//!
//! A worker notes in it where it stands before and after every task. Unlike a message, the note
//! costs nanoseconds and is there whatever ends the process. The parent finds in it which task a
//! worker died of or is busy with, and can take back tasks that have not begun.
//!
//! Tasks are known here by their number among all that were sent to this worker, from 0.

use std::ops::Range;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::{Acquire, Relaxed, Release, SeqCst};

use ipc_channel::ipc::IpcSharedMemory;

use super::mapping::Words;

/// What each word of the page is.
enum Word {
    /// Twice the number of the task that is next or running, plus one while it is running.
    Progress,
    /// Not 0: the job is being made anew.
    SettingUp,
    /// Tasks with numbers from here ...
    TakenFrom,
    /// ... and below this were taken back: they are not begun.
    TakenTo,
    /// Not 0: end before the next task.
    Stop,
    /// Units of progress that the job has told of, see [`crate::advance`].
    Units,
    /// CPU time of the worker in nanoseconds, as last noted.
    Cpu,
    /// Its peak memory in bytes, as last noted.
    Peak,
    /// Its present memory in bytes, as last noted.
    Memory,
}

const WORDS: usize = Word::Memory as usize + 1;

pub(crate) struct Page(Words);

/// What a worker has used.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Usage {
    pub(crate) cpu_ns: u64,
    /// In bytes, 0 if the system does not tell.
    pub(crate) peak: u64,
    pub(crate) memory: u64,
}

/// Where a worker stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Progress {
    /// The task that is running, or else the next one.
    pub(crate) task: u64,
    pub(crate) running: bool,
}

/// What a worker is doing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Doing {
    Nothing,
    Task(u64),
    /// Makes its job anew, before this task.
    SetUp(u64),
}

impl Page {
    pub(crate) fn new() -> Page {
        Page::fresh(Words::new(WORDS))
    }

    fn fresh(words: Words) -> Page {
        let page = Page(words);
        page.word(Word::TakenFrom).store(u64::MAX, SeqCst);
        page
    }

    /// The page that the other side has made.
    pub(crate) fn map(memory: IpcSharedMemory) -> Option<Page> {
        Words::map(memory, WORDS).map(Page)
    }

    pub(crate) fn memory(&self) -> IpcSharedMemory {
        self.0.memory()
    }

    #[inline]
    fn word(&self, word: Word) -> &AtomicU64 {
        &self.0.all()[word as usize]
    }

    /// The worker: the task begins, unless it was taken back. Then false, and it is not begun.
    #[inline]
    pub(crate) fn begin(&self, task: u64) -> bool {
        // First say it, then look, while the parent does the reverse in `take_back`: at least one of
        // the two sees the other. That needs one order of all four accesses.
        self.word(Word::Progress).swap(2 * task + 1, SeqCst);
        let from = self.word(Word::TakenFrom).load(SeqCst);
        if task < from || task >= self.word(Word::TakenTo).load(SeqCst) {
            return true;
        }
        self.finish(task);
        false
    }

    /// The worker: the task is done, its output encoded, or will not be done.
    #[inline]
    pub(crate) fn finish(&self, task: u64) {
        self.word(Word::Progress).store(2 * (task + 1), SeqCst);
    }

    /// The parent: where the worker stands.
    pub(crate) fn progress(&self) -> Progress {
        let progress = self.word(Word::Progress).load(SeqCst);
        Progress {
            task: progress / 2,
            running: progress % 2 == 1,
        }
    }

    /// The worker: the job is being made anew, or is made.
    pub(crate) fn set_up(&self, begins: bool) {
        self.word(Word::SettingUp).store(begins.into(), SeqCst);
    }

    /// The parent: what the worker is doing.
    pub(crate) fn doing(&self) -> Doing {
        let progress = self.progress();
        if progress.running {
            Doing::Task(progress.task)
        } else if self.word(Word::SettingUp).load(SeqCst) != 0 {
            Doing::SetUp(progress.task)
        } else {
            Doing::Nothing
        }
    }

    /// The parent: the tasks from `from` to below `to` shall not be begun. What was taken back earlier
    /// and is not passed yet stays so, with what lies between. Returns all of it if none was begun nor
    /// will be; else the worker may have begun some, and tells which it leaves out.
    pub(crate) fn take_back(&self, from: u64, to: u64) -> Option<Range<u64>> {
        let (start, end) = (self.word(Word::TakenFrom), self.word(Word::TakenTo));
        let earlier = start.load(SeqCst)..end.load(SeqCst);
        let now = self.progress();
        let next = now.task + u64::from(now.running);
        let passed = earlier.start == u64::MAX || next >= earlier.end;
        let all = if passed {
            // The bounds of an earlier time must not mix with these.
            start.store(u64::MAX, SeqCst);
            from..to
        } else {
            // Of the earlier ones, those that it has yet to come to.
            from.min(earlier.start.max(next))..to.max(earlier.end)
        };
        end.store(all.end, SeqCst);
        start.store(all.start, SeqCst);
        let now = self.progress();
        let begun = now.task > all.start || (now.task == all.start && now.running);
        (!begun).then_some(all)
    }

    /// The parent: stop before the next task.
    pub(crate) fn stop(&self) {
        self.word(Word::Stop).store(1, Release);
    }

    /// The worker: has the parent asked to stop?
    #[inline]
    pub(crate) fn stopping(&self) -> bool {
        self.word(Word::Stop).load(Acquire) != 0
    }

    /// The worker: so many units more.
    pub(crate) fn advance(&self, units: u64) {
        self.word(Word::Units).fetch_add(units, Relaxed);
    }

    pub(crate) fn units(&self) -> u64 {
        self.word(Word::Units).load(Relaxed)
    }

    /// The worker: what it has used by now.
    pub(crate) fn note(&self, usage: Usage) {
        self.word(Word::Cpu).store(usage.cpu_ns, Relaxed);
        self.word(Word::Peak).store(usage.peak, Relaxed);
        self.word(Word::Memory).store(usage.memory, Relaxed);
    }

    pub(crate) fn usage(&self) -> Usage {
        Usage {
            cpu_ns: self.word(Word::Cpu).load(Relaxed),
            peak: self.word(Word::Peak).load(Relaxed),
            memory: self.word(Word::Memory).load(Relaxed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_sides_see_where_the_worker_stands() {
        let worker = Page::new();
        let parent = Page::map(worker.memory()).unwrap();
        let at = |task, running| Progress { task, running };
        assert_eq!(parent.progress(), at(0, false));
        assert!(worker.begin(0));
        assert_eq!(parent.progress(), at(0, true));
        assert_eq!(parent.doing(), Doing::Task(0));
        worker.finish(0);
        assert_eq!(parent.progress(), at(1, false));
        assert_eq!(parent.doing(), Doing::Nothing);
        parent.stop();
        assert!(worker.stopping());
    }

    #[test]
    fn tasks_taken_back_are_not_begun_and_later_ones_are() {
        let page = Page::new();
        assert!(page.begin(0));
        assert_eq!(page.take_back(1, 3), Some(1..3));
        page.finish(0);
        assert!(!page.begin(1));
        assert!(!page.begin(2));
        assert!(page.begin(3));
        assert_eq!(
            page.take_back(5, 6),
            Some(5..6),
            "the earlier ones are passed"
        );
        page.finish(3);
        assert!(page.begin(4));
    }

    #[test]
    fn what_was_taken_back_stays_so_until_it_is_passed() {
        let page = Page::new();
        assert!(page.begin(0));
        assert_eq!(page.take_back(2, 3), Some(2..3));
        assert_eq!(page.take_back(5, 6), Some(2..6));
        page.finish(0);
        assert!(page.begin(1));
        assert!((2..6).all(|task| !page.begin(task)));
        assert!(page.begin(6));
    }

    #[test]
    fn what_is_passed_already_does_not_keep_later_tasks() {
        let page = Page::new();
        assert!(page.begin(0));
        assert_eq!(page.take_back(2, 3), Some(2..3));
        assert_eq!(page.take_back(5, 6), Some(2..6));
        page.finish(0);
        assert!(page.begin(1));
        page.finish(1);
        assert!((2..5).all(|task| !page.begin(task)));
        assert_eq!(page.take_back(7, 8), Some(5..8));
        assert!((5..8).all(|task| !page.begin(task)));
        assert!(page.begin(8));
    }

    #[test]
    fn tasks_that_may_have_begun_are_not_taken_for_certain() {
        let page = Page::new();
        assert!(page.begin(1));
        assert_eq!(page.take_back(1, 3), None);
    }
}
