//! A pool that cannot start says why; a worker that nobody serves does no harm.

use std::env;
use std::process::ExitCode;
use std::thread;
use std::time::Duration;

use libtest_mimic::Trial;
use procpool::{Cause, Job, Never, Pool, PoolError, WorkerEnd};
use serde::{Deserialize, Serialize};

use crate::job::{Answer, Order, Refused, pool};
use crate::process::{children, lives};

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        several_jobs_in_one_program_are_found_by_name,
        a_setup_that_fails_is_an_error_of_the_pool,
        a_setup_that_panics_is_an_error_of_the_pool,
        a_worker_that_dies_in_its_setup_is_an_error_of_the_pool,
        a_program_that_does_not_serve_is_told_so,
        a_worker_that_never_connects_is_ended,
        an_unusable_temporary_directory_is_an_error,
        a_pool_that_loses_its_workers_for_good_answers_every_task,
        a_job_is_made_anew_after_a_panic_and_may_refuse,
        what_a_worker_starts_is_no_worker,
    ]
}

/// A second job, before the others in `main`.
pub(crate) struct Other;

impl Job for Other {
    const NAME: &'static str = "other";
    type Setup = String;
    type Task = u32;
    type Output = String;
    type Error = Never;

    fn new(greeting: String) -> Result<Self, Never> {
        assert_eq!(greeting, "hello");
        Ok(Other)
    }

    fn run(&mut self, task: u32) -> Result<String, Never> {
        Ok(format!("hello {task}"))
    }
}

#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) enum Mood {
    Refuse,
    Panic,
    Exit,
    /// Fine as long as this file exists.
    While(std::path::PathBuf),
}

/// A job that is hard to set up.
pub(crate) struct Picky;

impl Job for Picky {
    const NAME: &'static str = "picky";
    type Setup = Mood;
    type Task = Order;
    type Output = Answer;
    type Error = Refused;

    fn new(mood: Mood) -> Result<Self, Refused> {
        match mood {
            Mood::Refuse => Err(Refused("not today".into())),
            Mood::Panic => panic!("not today either"),
            Mood::Exit => std::process::exit(9),
            Mood::While(path) if path.exists() => Ok(Picky),
            Mood::While(_) => Err(Refused("the file is gone".into())),
        }
    }

    fn run(&mut self, order: Order) -> Result<Answer, Refused> {
        match order {
            Order::Exit(status) => std::process::exit(status),
            Order::Panic(text) => panic!("{text}"),
            Order::Echo(number) => Ok(Answer::Number(number)),
            other => Err(Refused(format!("{other:?}"))),
        }
    }
}

/// Jobs that `main` does not serve. What such a worker does is up to its `main`:
struct NotServed;
/// ... it may start pools, or ...
struct Silent;

/// ... not even end.
macro_rules! unserved {
    ($job:ident, $name:literal) => {
        impl Job for $job {
            const NAME: &'static str = $name;
            type Setup = ();
            type Task = ();
            type Output = ();
            type Error = Never;

            fn new((): ()) -> Result<Self, Never> {
                unreachable!("it is not served")
            }

            fn run(&mut self, (): ()) -> Result<(), Never> {
                unreachable!("it is not served")
            }
        }
    };
}
unserved!(NotServed, "not served");
unserved!(Silent, "silent");

/// The rest of `main` in a worker that was not served.
pub(crate) fn act_as_program_that_does_not_serve() -> Option<ExitCode> {
    if !env::args().next()?.ends_with("(procpool worker)") {
        return None;
    }
    if env::var("PROCPOOL_JOB").ok()? == "silent" {
        thread::sleep(Duration::from_secs(1000));
    }
    let started = Pool::<NotServed>::builder().start(());
    let error = started.expect_err("this is a worker");
    assert!(matches!(error, PoolError::InsideWorker { .. }), "{error}");
    eprintln!("{error}");
    Some(ExitCode::from(4))
}

fn several_jobs_in_one_program_are_found_by_name() {
    let first = pool(1);
    let second = Pool::<Other>::builder()
        .workers(1)
        .start("hello".into())
        .unwrap();
    assert_eq!(
        second.map([1, 2]).map(Result::unwrap).collect::<Vec<_>>(),
        ["hello 1", "hello 2"]
    );
    assert_eq!(
        first.map([Order::Echo(7)]).next().unwrap().unwrap(),
        Answer::Number(7)
    );
}

fn start_picky(mood: Mood) -> PoolError {
    let error = Pool::<Picky>::builder().workers(2).start(mood).unwrap_err();
    assert_eq!(children(), [], "no process is left");
    error
}

fn a_setup_that_fails_is_an_error_of_the_pool() {
    let error = start_picky(Mood::Refuse);
    assert_eq!(
        error.to_string(),
        "job `picky` cannot be set up in a worker: refused: not today"
    );
}

fn a_setup_that_panics_is_an_error_of_the_pool() {
    let error = start_picky(Mood::Panic);
    assert_eq!(
        error.to_string(),
        "job `picky` cannot be set up in a worker: panicked: not today either"
    );
}

fn a_worker_that_dies_in_its_setup_is_an_error_of_the_pool() {
    let PoolError::DiedInSetup {
        job: "picky",
        death,
    } = start_picky(Mood::Exit)
    else {
        panic!()
    };
    assert_eq!(death.end, WorkerEnd::Exited(9));
}

fn a_program_that_does_not_serve_is_told_so() {
    let error = Pool::<NotServed>::builder()
        .workers(2)
        .start(())
        .unwrap_err();
    let PoolError::NeverConnected {
        job: "not served",
        death,
    } = &error
    else {
        panic!("{error}")
    };
    assert_eq!(death.end, WorkerEnd::Exited(4));
    assert!(
        death
            .stderr
            .iter()
            .any(|line| line.contains("which was never served")),
        "{death:?}"
    );
    assert!(
        error
            .to_string()
            .contains("does the program call procpool::serve"),
        "{error}"
    );
    assert_eq!(children(), []);
}

fn a_worker_that_never_connects_is_ended() {
    let timeout = Duration::from_millis(200);
    let error = Pool::<Silent>::builder()
        .workers(2)
        .start_timeout(timeout)
        .start(())
        .unwrap_err();
    let PoolError::NoAnswer {
        job: "silent", pid, ..
    } = error
    else {
        panic!("{error}")
    };
    assert!(!lives(pid));
    assert_eq!(children(), []);
}

fn an_unusable_temporary_directory_is_an_error() {
    for unusable in [
        "/nonexistent",
        "/proc",
        &format!("/tmp/{}", "x".repeat(120)),
    ] {
        let output = crate::process::in_role("start-and-tell", &crate::process::new_mark("tmp"))
            .env("TMPDIR", unusable)
            .output()
            .unwrap();
        let text = String::from_utf8_lossy(&output.stdout);
        assert!(
            text.starts_with("cannot open a socket in the temporary directory"),
            "{text}"
        );
    }
}

fn a_pool_that_loses_its_workers_for_good_answers_every_task() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mood = Mood::While(file.path().to_owned());
    let pool = Pool::<Picky>::builder()
        .workers(2)
        .retries(0)
        .start(mood)
        .unwrap();
    drop(file);
    // Two workers, two deaths; nothing comes after them.
    let orders = (0..200).map(|n| {
        if n < 2 {
            Order::Exit(1)
        } else {
            Order::Echo(n)
        }
    });
    let results: Vec<_> = pool.map(orders).collect();
    assert_eq!(results.len(), 200);
    let last = results.into_iter().next_back().unwrap().unwrap_err();
    let Cause::NoWorker(error) = &last.cause else {
        panic!("{last:?}")
    };
    assert!(error.to_string().contains("the file is gone"), "{error}");
    assert_eq!(last.task, Order::Echo(199));
    // And it stays so.
    let again = pool.map([Order::Echo(1)]).next().unwrap().unwrap_err();
    assert!(matches!(again.cause, Cause::NoWorker(_)));
    assert!(matches!(pool.shutdown(), Err(PoolError::Lost(_))));
}

fn a_job_is_made_anew_after_a_panic_and_may_refuse() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let mood = Mood::While(file.path().to_owned());
    let pool = Pool::<Picky>::builder().workers(1).start(mood).unwrap();
    drop(file);
    let mut map = pool.map([Order::Panic("once".into()), Order::Echo(1)]);
    assert!(matches!(
        map.next().unwrap().unwrap_err().cause,
        Cause::Panicked { .. }
    ));
    assert!(matches!(
        map.next().unwrap().unwrap_err().cause,
        Cause::NoWorker(_)
    ));
}

fn what_a_worker_starts_is_no_worker() {
    let pool = pool(1);
    // It starts a pool of its own, which a worker could not.
    let answer = pool.map([Order::StartMyself]).next().unwrap().unwrap();
    assert_eq!(answer, Answer::Texts(vec!["started\n".into()]));
}
