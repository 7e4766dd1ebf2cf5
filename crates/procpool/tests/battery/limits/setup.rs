//! How long a worker may take until it waits for tasks, at the start and whenever its job is made anew.

use std::os::unix::process::parent_id;
use std::path::PathBuf;
use std::time::Duration;
use std::{env, fs, process, thread};

use libtest_mimic::Trial;
use procpool::{Cause, Job, Pool, PoolError};
use tempfile::TempDir;

use super::{LIMIT, PART, one_worker};
use crate::job::{Answer, Notes, Order, Refused, obey};
use crate::process::{children, kill_worker, lives};

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        making_the_job_is_no_time_of_a_task,
        a_setup_that_takes_too_long_is_an_error_of_the_pool,
        the_limit_of_the_setup_is_none_for_tasks,
        a_job_that_is_not_made_anew_in_time_costs_its_worker_and_no_task,
        a_replacement_that_is_not_set_up_in_time_is_replaced,
        a_replacement_that_does_not_connect_in_time_is_replaced,
    ]
}

/// A job that may take long to be made.
pub(crate) struct Tardy;

impl Job for Tardy {
    const NAME: &'static str = "tardy";
    /// If this file is there, whoever removes it sleeps for so many milliseconds.
    type Setup = PathBuf;
    type Task = Order;
    type Output = Answer;
    type Error = Refused;

    fn new(delay: PathBuf) -> Result<Self, Refused> {
        let millis = fs::read_to_string(&delay).unwrap_or_default();
        if fs::remove_file(&delay).is_ok() {
            thread::sleep(Duration::from_millis(millis.parse().unwrap()));
        }
        Ok(Tardy)
    }

    fn run(&mut self, order: Order) -> Result<Answer, Refused> {
        obey(order)
    }
}

/// Where workers of this parent look whether one of them shall never come to serve.
fn lingering(parent: u32) -> PathBuf {
    env::temp_dir().join(format!("procpool-test-lingering-{parent}"))
}

/// What `main` begins with.
pub(crate) fn linger() {
    let tardy = env::var_os("PROCPOOL_JOB").is_some_and(|job| job == Tardy::NAME);
    if tardy && fs::remove_file(lingering(parent_id())).is_ok() {
        thread::sleep(Duration::from_secs(1000));
    }
}

/// Lets one worker be late.
struct Delay(TempDir);

impl Delay {
    fn new() -> Delay {
        Delay(tempfile::tempdir().unwrap())
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("delay")
    }

    /// The job that is made next takes so long.
    fn next(&self, delay: Duration) {
        // In one piece: a worker may look at any moment.
        let new = self.0.path().join("new");
        fs::write(&new, delay.as_millis().to_string()).unwrap();
        fs::rename(new, self.path()).unwrap();
    }

    fn is_taken(&self) -> bool {
        !self.path().exists()
    }
}

/// Than the limit.
const LONGER: Duration = Duration::from_millis(1500);
const FOR_EVER: Duration = Duration::from_secs(1000);

fn making_the_job_is_no_time_of_a_task() {
    let delay = Delay::new();
    delay.next(LONGER);
    let builder = one_worker::<Tardy>().task_timeout(LIMIT);
    let pool = builder.start(delay.path()).unwrap();
    assert!(delay.is_taken());
    let submit = |order| pool.submit(order);
    // Made anew in the same worker, with a task behind it.
    delay.next(LONGER);
    let [panics, waits] = [Order::Panic("oh dear".into()), Order::Pid].map(submit);
    assert!(matches!(
        panics.wait().unwrap_err().cause,
        Cause::Panicked { .. }
    ));
    let pid = waits.wait().unwrap();
    assert_eq!(pid, Answer::Number(pool.worker_ids()[0].into()));
    assert!(delay.is_taken());
    // And made in another.
    delay.next(LONGER);
    let [dies, waits] = [Order::Exit(1), Order::Echo(7)].map(submit);
    assert!(matches!(
        dies.wait().unwrap_err().cause,
        Cause::WorkerDied(_)
    ));
    assert_eq!(waits.wait().unwrap(), Answer::Number(7));
    assert!(delay.is_taken());
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

fn a_setup_that_takes_too_long_is_an_error_of_the_pool() {
    let (delay, limit) = (Delay::new(), Duration::from_millis(200));
    delay.next(FOR_EVER);
    let builder = Pool::<Tardy>::builder().workers(1).setup_timeout(limit);
    let error = builder.start(delay.path()).unwrap_err();
    let PoolError::SetupTooLong {
        job: "tardy",
        pid,
        after,
    } = error
    else {
        panic!("{error:?}")
    };
    assert_eq!(after, limit);
    let text = format!("job `tardy` was not set up in worker {pid} within 200ms");
    assert_eq!(error.to_string(), text);
    assert!(!lives(pid));
    assert_eq!(children(), [], "no process is left");
}

fn the_limit_of_the_setup_is_none_for_tasks() {
    let delay = Delay::new();
    delay.next(PART);
    let builder = one_worker::<Tardy>().setup_timeout(LIMIT);
    let pool = builder.start(delay.path()).unwrap();
    let long = pool.submit(Order::Sleep(LONGER.as_millis() as u64));
    assert_eq!(long.wait().unwrap(), Answer::Nothing);
    assert_eq!(pool.shutdown().unwrap().started, 1);
}

fn a_job_that_is_not_made_anew_in_time_costs_its_worker_and_no_task() {
    let (delay, notes) = (Delay::new(), Notes::new());
    let builder = one_worker::<Tardy>().setup_timeout(LIMIT);
    let pool = builder.start(delay.path()).unwrap();
    let before = pool.worker_ids();
    delay.next(FOR_EVER);
    let panics = pool.submit(notes.of(Order::Panic("oh dear".into())));
    let waits = pool.submit(notes.of(Order::Echo(7)));
    assert!(matches!(
        panics.wait().unwrap_err().cause,
        Cause::Panicked { .. }
    ));
    assert_eq!(waits.wait().unwrap(), Answer::Number(7));
    assert!(delay.is_taken());
    assert_ne!(pool.worker_ids(), before);
    assert_eq!(notes.all().len(), 2, "each has run once");
    let report = pool.shutdown().unwrap();
    assert_eq!((report.started, report.died), (2, 1));
}

/// The worker of this pool dies, and the one after it is late.
fn replace_twice(pool: &Pool<Tardy>) {
    let before = pool.worker_ids();
    kill_worker(before[0]);
    assert_eq!(
        pool.submit(Order::Echo(7)).wait().unwrap(),
        Answer::Number(7)
    );
    assert_ne!(pool.worker_ids(), before);
    assert!(pool.statistics()[0].started >= 3, "{:?}", pool.statistics());
    assert_eq!(children(), pool.worker_ids(), "the late one is gone");
}

fn a_replacement_that_is_not_set_up_in_time_is_replaced() {
    let delay = Delay::new();
    // The task may happen to be with the worker that is killed.
    let builder = one_worker::<Tardy>().retries(1).setup_timeout(LIMIT);
    let pool = builder.start(delay.path()).unwrap();
    delay.next(FOR_EVER);
    replace_twice(&pool);
    assert!(delay.is_taken());
}

fn a_replacement_that_does_not_connect_in_time_is_replaced() {
    let delay = Delay::new();
    let builder = one_worker::<Tardy>().retries(1).start_timeout(LIMIT);
    let pool = builder.start(delay.path()).unwrap();
    let lingering = lingering(process::id());
    fs::write(&lingering, "").unwrap();
    replace_twice(&pool);
    assert!(!lingering.exists());
}
