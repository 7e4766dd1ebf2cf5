//! Large data: how often it is mapped, and that it goes.

use std::collections::BTreeSet;
use std::fs;

use libtest_mimic::Trial;
use procpool::{Bytes, Cause, Job, Never, Pool, SharedData};
use serde::{Deserialize, Serialize};

use crate::job::{Answer, Order, pool};
use crate::process::{descriptors, eventually};

pub(crate) fn tests() -> Vec<Trial> {
    crate::trials![
        shared_data_is_one_memory_for_all_workers,
        shared_data_is_there_after_panics_and_deaths,
        shared_data_may_be_empty_or_not_there_at_all,
        shared_data_belongs_into_the_setup,
        shared_data_is_gone_with_the_pool,
        large_messages_use_the_same_memory_again,
        a_worker_inherits_nothing_while_large_messages_travel,
    ]
}

/// Looks things up in what all workers share.
pub(crate) struct Reader(Vec<SharedData>);

#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Read {
    /// The byte at this place of the nth.
    At(usize, usize),
    Length(usize),
    Panic,
    Exit,
    Carry(SharedData),
}

impl Job for Reader {
    const NAME: &'static str = "reader";
    type Setup = Vec<SharedData>;
    type Task = Read;
    type Output = usize;
    type Error = Never;

    fn new(data: Vec<SharedData>) -> Result<Self, Never> {
        Ok(Reader(data))
    }

    fn run(&mut self, read: Read) -> Result<usize, Never> {
        Ok(match read {
            Read::At(nth, place) => self.0[nth][place].into(),
            Read::Length(nth) => self.0[nth].len(),
            Read::Panic => panic!("it shall be made anew"),
            Read::Exit => std::process::exit(1),
            Read::Carry(data) => data.len(),
        })
    }
}

const LENGTH: usize = 1 << 20;

fn pool_of_readers(workers: usize, data: Vec<SharedData>) -> Pool<Reader> {
    let builder = Pool::<Reader>::builder().workers(workers).retries(0);
    builder.start(data).unwrap()
}

fn data(byte: u8) -> SharedData {
    SharedData::new(&vec![byte; LENGTH])
}

/// Shared memory that a process has open, each by its own name.
fn memory_of(pid: &str) -> Vec<String> {
    let mut memory = descriptors(pid);
    memory.retain(|target| target.starts_with("/memfd:"));
    memory
}

fn shared_data_is_one_memory_for_all_workers() {
    let pool = pool_of_readers(3, vec![data(3), data(4)]);
    let memory: Vec<_> = pool
        .worker_ids()
        .iter()
        .map(|pid| memory_of(&pid.to_string()))
        .collect();
    for of_one in &memory {
        assert_eq!(
            of_one.len(),
            3,
            "two that are shared, and its page: {of_one:?}"
        );
    }
    let sets = memory
        .iter()
        .map(|of_one| of_one.iter().collect::<BTreeSet<_>>());
    let common = sets.reduce(|all, one| &all & &one).unwrap();
    assert_eq!(common.len(), 2, "{memory:?}");
}

fn shared_data_is_there_after_panics_and_deaths() {
    let pool = pool_of_readers(1, vec![data(3), data(4)]);
    for trouble in [Read::Panic, Read::Exit] {
        assert!(pool.submit(trouble).wait().is_err());
        let reads = [Read::At(0, LENGTH - 1), Read::At(1, 0)];
        let found: Vec<_> = pool.map(reads).map(Result::unwrap).collect();
        assert_eq!(found, [3, 4]);
    }
    assert_eq!(pool.shutdown().unwrap().died, 1);
}

fn shared_data_may_be_empty_or_not_there_at_all() {
    let pool = pool_of_readers(1, vec![SharedData::new(&[]), data(5)]);
    assert_eq!(pool.submit(Read::Length(0)).wait().unwrap(), 0);
    assert_eq!(pool.submit(Read::At(1, 7)).wait().unwrap(), 5);
    let pool = pool_of_readers(1, Vec::new());
    let error = pool.submit(Read::Length(0)).wait().unwrap_err();
    assert!(matches!(error.cause, Cause::Panicked { .. }), "{error:?}");
}

fn shared_data_belongs_into_the_setup() {
    let pool = pool_of_readers(1, vec![data(1)]);
    let error = pool.submit(Read::Carry(data(2))).wait().unwrap_err();
    assert!(matches!(error.cause, Cause::TaskNotEncoded(_)), "{error:?}");
    assert!(matches!(&error.task, Read::Carry(data) if data[0] == 2));
}

fn shared_data_is_gone_with_the_pool() {
    let before = memory_of("self").len();
    drop(pool_of_readers(2, vec![data(1), data(2)]));
    assert_eq!(memory_of("self").len(), before);
    let maps = fs::read_to_string("/proc/self/maps").unwrap();
    assert_eq!(maps.matches("/memfd:").count(), before, "{maps}");
}

fn piece(n: u64) -> Bytes {
    vec![n as u8; 200_000].into()
}

/// One after the other: of each task and its output, none is there longer than it takes.
fn large_messages_use_the_same_memory_again() {
    let pool = pool(1);
    let before = memory_of("self").len();
    let mut most = [0, 0];
    for n in 0..100 {
        let answer = pool.submit(Order::Piece(piece(n))).wait().unwrap();
        assert_eq!(answer, Answer::Piece(piece(n)));
        let worker = pool.worker_ids()[0].to_string();
        let now = [memory_of("self").len() - before, memory_of(&worker).len()];
        most = [most[0].max(now[0]), most[1].max(now[1])];
    }
    assert!(most[0] >= 2, "some is in use: {most:?}");
    assert!(most.iter().all(|&most| most < 8), "{most:?}");
}

/// Its own page, and what it was told of: a region, once each.
fn a_worker_inherits_nothing_while_large_messages_travel() {
    let pool = pool(2);
    let order = |n| match n % 10 {
        9 => Order::Exit(1),
        _ => Order::Piece(piece(n)),
    };
    let errors = pool.map((0..200).map(order)).filter(Result::is_err);
    assert_eq!(errors.count(), 20);
    eventually("two workers", || pool.worker_ids().len() == 2);
    for pid in pool.worker_ids() {
        let memory = memory_of(&pid.to_string());
        let names: BTreeSet<_> = memory.iter().collect();
        assert_eq!(names.len(), memory.len(), "twice: {memory:?}");
        let parents = memory_of("self");
        let own = memory.iter().filter(|name| !parents.contains(name));
        assert!(own.count() <= 1, "{memory:?} {parents:?}");
    }
}
