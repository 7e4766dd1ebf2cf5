//! A hook that remembers what it was told.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use procpool::{Builder, Ended, Event, Pool};

use crate::job::Obey;

/// What was told, in that order.
#[derive(Clone, Default)]
pub(super) struct Log(Arc<Mutex<Vec<Event>>>);

/// A worker's life, as told.
#[derive(Default)]
pub(super) struct Life {
    pub(super) took: Option<Duration>,
    pub(super) tasks: u64,
    pub(super) spans: Vec<(Instant, Instant)>,
    pub(super) end: Option<Ended>,
}

impl Log {
    pub(super) fn builder(&self, workers: usize) -> Builder<Obey> {
        let log = Arc::clone(&self.0);
        let hook = move |event: &Event| log.lock().unwrap().push(event.clone());
        Pool::builder().workers(workers).retries(0).on_event(hook)
    }

    pub(super) fn first(&self) -> Event {
        self.0.lock().unwrap()[0].clone()
    }

    pub(super) fn tasks(&self) -> u64 {
        self.lives().values().map(|life| life.tasks).sum()
    }

    /// By place and process id.
    pub(super) fn lives(&self) -> BTreeMap<(usize, u32), Life> {
        let mut lives = BTreeMap::<_, Life>::new();
        for event in &*self.0.lock().unwrap() {
            match event {
                Event::WorkerStarted {
                    worker, pid, took, ..
                } => {
                    let life = lives.entry((*worker, *pid)).or_default();
                    assert!(life.took.replace(*took).is_none(), "{event:?}");
                }
                Event::TasksDone {
                    worker,
                    pid,
                    tasks,
                    began,
                    ended,
                    ..
                } => {
                    let life = lives.entry((*worker, *pid)).or_default();
                    assert!(
                        life.end.is_none() && *tasks > 0 && began <= ended,
                        "{event:?}"
                    );
                    life.tasks += tasks;
                    life.spans.push((*began, *ended));
                }
                Event::WorkerEnded {
                    worker, pid, end, ..
                } => {
                    let life = lives.entry((*worker, *pid)).or_default();
                    assert!(life.took.is_some(), "{event:?}");
                    assert!(life.end.replace(end.clone()).is_none(), "{event:?}");
                }
                other => panic!("{other:?}"),
            }
        }
        lives
    }

    /// How the one worker ended that was first at this place.
    pub(super) fn first_end(&self, place: usize, pid: u32) -> Ended {
        self.lives().remove(&(place, pid)).unwrap().end.unwrap()
    }
}
