//! What a pool says by `tracing`, for those who listen.

use std::fmt::{self, Write};
use std::sync::{Mutex, Once};
use std::{mem, thread};

use libtest_mimic::Trial;
use procpool::Pool;
use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

use crate::job::{Obey, Order, number};
use crate::process::eventually;
use crate::starting::{Mood, Picky};

pub(super) fn tests() -> Vec<Trial> {
    crate::trials![
        a_workers_start_and_end_can_be_followed,
        a_death_is_a_warning_that_says_how,
        a_recycled_worker_is_no_warning,
        a_worker_that_cannot_be_replaced_is_an_error,
    ]
}

/// Level, and message and fields as text.
type Line = (Level, String);

/// What has been said since a test began to listen; `None` while nobody does.
static HEARD: Mutex<Option<Vec<Line>>> = Mutex::new(None);

struct Ear;

impl Subscriber for Ear {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("procpool")
    }

    fn event(&self, event: &Event<'_>) {
        if let Some(heard) = &mut *HEARD.lock().unwrap() {
            let mut text = Text(String::new());
            event.record(&mut text);
            heard.push((*event.metadata().level(), text.0));
        }
    }

    // The pool has no spans.
    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}

    fn record_follows_from(&self, _: &Id, _: &Id) {}

    fn enter(&self, _: &Id) {}

    fn exit(&self, _: &Id) {}
}

struct Text(String);

impl Visit for Text {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        write!(self.0, "{}={value:?} ", field.name()).unwrap();
    }
}

/// What is said meanwhile, by any thread.
fn listen(to: impl FnOnce()) -> Vec<Line> {
    static EAR: Once = Once::new();
    EAR.call_once(|| tracing::subscriber::set_global_default(Ear).unwrap());
    *HEARD.lock().unwrap() = Some(Vec::new());
    // Not when a test fails: then nobody asks.
    to();
    mem::take(&mut *HEARD.lock().unwrap()).unwrap()
}

/// Only one line has all these parts.
#[track_caller]
fn assert_said_once(heard: &[Line], level: Level, parts: &[&str]) {
    let all = |(_, text): &&Line| parts.iter().all(|part| text.contains(part));
    let levels: Vec<_> = heard.iter().filter(all).map(|(level, _)| *level).collect();
    assert_eq!(levels, [level], "{parts:?} in {heard:#?}");
}

fn pid(pid: u32) -> String {
    format!("pid={pid} ")
}

fn a_workers_start_and_end_can_be_followed() {
    let mut ids = Vec::new();
    let heard = listen(|| {
        let pool = crate::job::pool(2);
        ids = pool.worker_ids();
        assert_eq!(number(pool.submit(Order::Echo(1)).wait()), 1);
    });
    for (worker, id) in ids.into_iter().enumerate() {
        let worker = format!("worker={worker} ");
        let parts = ["message=worker started", &worker, &pid(id), "took="];
        assert_said_once(&heard, Level::DEBUG, &parts);
        let parts = ["message=worker stopped", &worker, &pid(id)];
        assert_said_once(&heard, Level::DEBUG, &parts);
    }
    assert_eq!(heard.len(), 4, "and nothing else: {heard:#?}");
}

fn a_death_is_a_warning_that_says_how() {
    let mut ids = Vec::new();
    let heard = listen(|| {
        let pool = crate::job::pool(1);
        ids.extend(pool.worker_ids());
        assert!(pool.submit(Order::Exit(3)).wait().is_err());
        eventually("a worker", || pool.worker_ids().len() == 1);
        ids.extend(pool.worker_ids());
    });
    let death = format!("death=worker {} exited with status 3", ids[0]);
    let parts = ["message=worker died", &pid(ids[0]), &death];
    assert_said_once(&heard, Level::WARN, &parts);
    let parts = ["message=worker started", &pid(ids[1])];
    assert_said_once(&heard, Level::DEBUG, &parts);
}

fn a_recycled_worker_is_no_warning() {
    let mut first = 0;
    let heard = listen(|| {
        let builder = Pool::<Obey>::builder().workers(1);
        let pool = builder.max_tasks_per_worker(5).start(()).unwrap();
        first = pool.worker_ids()[0];
        assert!(pool.map((0..12).map(Order::Echo)).map(number).eq(0..12));
    });
    let parts = ["message=worker recycled", &pid(first)];
    assert_said_once(&heard, Level::DEBUG, &parts);
    assert!(
        heard.iter().all(|(level, _)| *level == Level::DEBUG),
        "{heard:#?}"
    );
}

fn a_worker_that_cannot_be_replaced_is_an_error() {
    let heard = listen(|| {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mood = Mood::While(file.path().to_owned());
        let builder = Pool::<Picky>::builder().workers(1).retries(0);
        let pool = builder.start(mood).unwrap();
        drop(file);
        assert!(pool.submit(Order::Exit(1)).wait().is_err());
        let lost = thread::spawn(move || pool.submit(Order::Echo(1)).wait());
        assert!(lost.join().unwrap().is_err());
    });
    let cause = "error=job `picky` cannot be set up in a worker: refused: the file is gone";
    let of_no_use = heard.iter().filter(|(_, text)| text.contains("of no use"));
    let right = |(level, text): &&Line| *level == Level::WARN && text.contains(cause);
    assert!(of_no_use.clone().count() > 1 && of_no_use.clone().all(|line| right(&line)));
    let parts = ["message=worker cannot be replaced", "worker=0 ", cause];
    assert_said_once(&heard, Level::ERROR, &parts);
}
