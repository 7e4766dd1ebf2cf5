//! Workers, from being asked for until they are gone.

use anyhow::Result;
use harness::contestant::now_ns;

use crate::way::Way;

/// What a variant does in its own way.
#[derive(Clone, Copy, Debug)]
pub struct Starter {
    /// Starts so many workers by a way and waits until each of them is ready to work, calls what it is given while all
    /// of them live and wait, lets them go, and returns when they are gone. If the system refuses a worker, those that
    /// are there are treated as all.
    pub start: fn(Way, u32, Alive<'_>) -> Result<Started>,
    /// Makes ready to do two tasks at a time by a way.
    pub pair: fn(Way) -> Result<Pair>,
}

/// What is done while so many workers live.
pub type Alive<'a> = &'a mut dyn FnMut(u32) -> Result<()>;

/// Does two tasks of so many rounds of [`work`](crate::work::work), on two workers, and gives back what came of them.
pub type Pair = Box<dyn FnMut(u64) -> Result<[u64; 2]>>;

/// How some workers came and went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Started {
    /// How many were ready.
    pub alive: u32,
    /// From being asked for until the last one was ready to work, in nanoseconds.
    pub ready_ns: u64,
    /// From being let go until the last one was gone and waited for, in nanoseconds.
    pub end_ns: u64,
    /// Why there are no more of them; none where all came that were asked for.
    pub refused: Option<String>,
}

/// Times workers while they come and go.
#[derive(Debug)]
pub struct Stopwatch {
    asked: u64,
    alive: u32,
    ready_ns: u64,
    refused: Option<String>,
    told: Result<()>,
    let_go: u64,
}

impl Stopwatch {
    /// The workers are asked for now.
    pub fn ask() -> Self {
        Self {
            asked: now_ns(),
            alive: 0,
            ready_ns: 0,
            refused: None,
            told: Ok(()),
            let_go: 0,
        }
    }

    /// The system gives no more, and says why.
    pub fn refused(&mut self, cause: &impl ToString) {
        self.refused = Some(cause.to_string());
    }

    /// So many live and wait, the last of them since the moment `at`. Calls `alive`; what that fails with is told at
    /// the end, when they are gone.
    pub fn ready(&mut self, workers: u32, at: u64, alive: Alive<'_>) {
        self.alive = workers;
        self.ready_ns = at.saturating_sub(self.asked);
        self.told = alive(workers);
    }

    /// They are let go now.
    pub fn let_go(&mut self) {
        self.let_go = now_ns();
    }

    /// They are gone now.
    ///
    /// # Errors
    /// With what failed while they lived.
    pub fn gone(self) -> Result<Started> {
        let ended = now_ns();
        self.told?;
        Ok(Started {
            alive: self.alive,
            ready_ns: self.ready_ns,
            end_ns: ended - self.let_go,
            refused: self.refused,
        })
    }

    /// None came at all, because of `cause`.
    ///
    /// # Errors
    /// Never; as [`Stopwatch::gone`].
    pub fn none_came(mut self, cause: &impl ToString) -> Result<Started> {
        self.refused(cause);
        self.let_go();
        self.gone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_failed_while_they_lived_is_told_when_they_are_gone() {
        let mut watch = Stopwatch::ask();
        watch.ready(3, now_ns(), &mut |workers| {
            assert_eq!(workers, 3);
            anyhow::bail!("no look")
        });
        watch.let_go();
        assert_eq!(watch.gone().unwrap_err().to_string(), "no look");
    }

    #[test]
    fn times_are_from_asking_to_ready_and_from_letting_go_to_gone() {
        let mut watch = Stopwatch::ask();
        let asked = watch.asked;
        watch.ready(2, asked + 70, &mut |_| Ok(()));
        std::thread::sleep(std::time::Duration::from_millis(30));
        watch.let_go();
        let started = watch.gone().unwrap();
        assert_eq!(
            (started.alive, started.ready_ns, started.refused),
            (2, 70, None)
        );
        assert!(
            started.end_ns < 30_000_000,
            "the time in between is in neither"
        );
    }
}
