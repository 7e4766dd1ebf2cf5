//! How a pool is started.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use crate::error::PoolError;
use crate::event::{Event, Hook};
use crate::parent::shared::Options;
use crate::pool::{Pool, size_or_default};
use crate::process::link::Recipe;
use crate::wire::body::Body;
use crate::wire::{codec, head, kind, put_head};
use crate::worker::{SETUP_FIELDS, job_of_this_worker};
use crate::{Job, shared_data};

/// Options of a [`Pool`]; everything has a default.
#[must_use = "a builder does nothing until `start`"]
pub struct Builder<J> {
    workers: usize,
    retries: u32,
    task_timeout: Option<Duration>,
    setup_timeout: Option<Duration>,
    start_timeout: Duration,
    grace: Duration,
    max_tasks: Option<u64>,
    max_memory: Option<u64>,
    backtraces: bool,
    on_event: Option<Hook>,
    job: PhantomData<fn() -> J>,
}

impl<J: Job> Builder<J> {
    pub(crate) fn new() -> Builder<J> {
        Builder {
            workers: 0,
            retries: 1,
            task_timeout: None,
            setup_timeout: None,
            start_timeout: Duration::from_secs(10),
            grace: Duration::from_secs(1),
            max_tasks: None,
            max_memory: None,
            backtraces: true,
            on_event: None,
            job: PhantomData,
        }
    }

    /// The number of worker processes. 0, and the default, mean what
    /// [`std::thread::available_parallelism`] says.
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers;
        self
    }

    /// How often a task is tried again after it has ended its worker (default: once). Only that task
    /// is charged; tasks that waited behind it are run again without limit.
    pub fn retries(mut self, retries: u32) -> Self {
        self.retries = retries;
        self
    }

    /// How long a task may run, from when it really begins (default: for ever). Then its worker is
    /// killed and replaced, and the task's result is [`Cause::TimedOut`](crate::Cause::TimedOut),
    /// without another try. Kept to some 5 ms.
    pub fn task_timeout(mut self, limit: Duration) -> Self {
        self.task_timeout = Some(limit);
        self
    }

    /// How long the job's setup may take in a worker (default: for ever).
    pub fn setup_timeout(mut self, limit: Duration) -> Self {
        self.setup_timeout = Some(limit);
        self
    }

    /// How long a worker may take to connect (default: 10 s), the job's setup not included.
    pub fn start_timeout(mut self, limit: Duration) -> Self {
        self.start_timeout = limit;
        self
    }

    /// How long a worker may go on with its task at shutdown before it is killed (default: 1 s).
    pub fn grace(mut self, grace: Duration) -> Self {
        self.grace = grace;
        self
    }

    /// Replaces a worker when it has done so many tasks, for jobs that leak or grow old (default:
    /// never). 0 is taken for 1.
    pub fn max_tasks_per_worker(mut self, tasks: u64) -> Self {
        self.max_tasks = Some(tasks.max(1));
        self
    }

    /// Replaces a worker that holds more resident memory than so many bytes after its tasks (default:
    /// never). It is looked at every 50 ms, between two tasks; a task that eats all memory at once is
    /// not stopped by this. Only where the system tells (Linux).
    pub fn max_memory_per_worker(mut self, bytes: u64) -> Self {
        self.max_memory = Some(bytes);
        self
    }

    /// Whether the error of a task that panicked has a backtrace (default: yes). The first one in a
    /// worker costs some milliseconds, for the names of the functions are looked up.
    pub fn backtraces(mut self, backtraces: bool) -> Self {
        self.backtraces = backtraces;
        self
    }

    /// Calls `hook` for what happens in the pool, on one of its own threads or on that of
    /// [`Handle::wait`](crate::Handle::wait): it should be quick. One that panics is called again the next time.
    pub fn on_event(mut self, hook: impl Fn(&Event) + Send + Sync + 'static) -> Self {
        self.on_event = Some(Box::new(hook));
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
        if let Some(job) = job_of_this_worker() {
            return Err(PoolError::InsideWorker { job });
        }
        let options = Options {
            recipe: self.recipe(&setup)?,
            retries: self.retries,
            grace: self.grace,
            task_timeout: self.task_timeout,
            max_tasks: self.max_tasks,
            max_memory: self.max_memory,
            on_event: self.on_event,
        };
        Pool::start(options, size_or_default(self.workers))
    }

    fn recipe(&self, setup: &J::Setup) -> Result<Recipe, PoolError> {
        let job = J::NAME;
        let mut body = Body::new(head(SETUP_FIELDS));
        let (encoded, shared_data) =
            shared_data::collect(|| codec::append(&mut body, setup, &mut |_| None));
        encoded.map_err(|message| PoolError::SetupNotEncoded { job, message })?;
        let fields = [shared_data.len() as u64, u64::from(self.backtraces)];
        put_head(body.message(), kind::SETUP, &fields);
        Ok(Recipe {
            job,
            setup: body.message().to_vec(),
            shared_data,
            start_timeout: self.start_timeout,
            setup_timeout: self.setup_timeout,
        })
    }
}

impl<J: Job> fmt::Debug for Builder<J> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder")
            .field("job", &J::NAME)
            .field("workers", &self.workers)
            .field("retries", &self.retries)
            .field("task_timeout", &self.task_timeout)
            .finish_non_exhaustive()
    }
}
