//! How a pool is started.

use std::marker::PhantomData;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

use crate::child::JOB_VAR;
use crate::error::PoolError;
use crate::link::Recipe;
use crate::pool::Pool;
use crate::shared::Shared;
use crate::{Job, wire};

/// Options of a [`Pool`]; everything has a default.
#[derive(Debug)]
#[must_use = "a builder does nothing until `start`"]
pub struct Builder<J> {
    workers: Option<NonZeroUsize>,
    retries: u32,
    start_timeout: Duration,
    grace: Duration,
    job: PhantomData<fn() -> J>,
}

impl<J: Job> Builder<J> {
    pub(crate) fn new() -> Builder<J> {
        Builder {
            workers: None,
            retries: 1,
            start_timeout: Duration::from_secs(10),
            grace: Duration::from_secs(1),
            job: PhantomData,
        }
    }

    /// The number of worker processes. 0, and the default, mean what
    /// [`std::thread::available_parallelism`] says.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = NonZeroUsize::new(workers);
        self
    }

    /// How often a task is tried again after it has ended its worker (default: once). Only that task
    /// is charged; tasks that waited behind it are run again without limit.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long a worker may take to connect (default: 10 s), the job's setup not included.
    pub fn start_timeout(mut self, timeout: Duration) -> Self {
        self.start_timeout = timeout;
        self
    }

    /// How long a worker may go on with its task at shutdown before it is killed (default: 1 s).
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Starts the workers, and waits until all of them have made their job from the setup.
    ///
    /// # Errors
    /// If a worker cannot be started or set up; no process is left then. Also if this process is
    /// itself a worker whose job was not served.
    #[expect(
        clippy::needless_pass_by_value,
        reason = "what has been given to the workers is not to be used any more"
    )]
    pub fn start(self, setup: J::Setup) -> Result<Pool<J>, PoolError> {
        if let Some(job) = std::env::var_os(JOB_VAR) {
            return Err(PoolError::InsideWorker {
                job: job.to_string_lossy().into_owned(),
            });
        }
        let mut message = wire::message(wire::SETUP);
        wire::append(&mut message, &setup).map_err(|message| PoolError::SetupNotEncoded {
            job: J::NAME,
            message,
        })?;
        let recipe = Recipe {
            job: J::NAME,
            setup: message,
            timeout: self.start_timeout,
        };
        let parallelism = || thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let workers = self.workers.map_or_else(parallelism, NonZeroUsize::get);
        Pool::start(
            Arc::new(Shared::new(recipe, self.retries, workers)),
            self.grace,
        )
    }
}
