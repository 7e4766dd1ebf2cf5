//! What all workers count in.

use std::array;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering::Relaxed;

use crate::death::Pair;
use crate::gate::Gate;
use crate::mechanisms::padded::Padded;
use crate::mechanisms::spin::SpinLock;

/// Workers at most: as many as the option `--workers` allows.
pub const MOST_WORKERS: usize = 1024;

/// The memory that all workers share. Threads have it on the heap; processes map it.
///
/// `repr(C)`, and nothing in it but atomic integers: it means the same in every process of this program, and memory
/// that is all zero is one in which nothing was counted.
#[derive(Debug)]
#[repr(C)]
pub struct Memory {
    /// Where workers wait until all are there.
    pub gate: Padded<Gate>,
    /// For the mechanisms with a single count.
    pub count: Padded<AtomicU64>,
    /// For `spin`.
    pub spin: Padded<SpinLock>,
    /// For `--die`.
    pub pair: Padded<Pair>,
    /// For `false-sharing`: eight to a cache line.
    pub near: [AtomicU64; MOST_WORKERS],
    /// For `padded`: none beside another.
    pub apart: [Padded<AtomicU64>; MOST_WORKERS],
}

impl Memory {
    /// Memory in which nothing was counted.
    pub fn new() -> Box<Self> {
        Box::new(Self {
            gate: Padded::default(),
            count: Padded::default(),
            spin: Padded::default(),
            pair: Padded::default(),
            near: array::from_fn(|_| AtomicU64::new(0)),
            apart: array::from_fn(|_| Padded::default()),
        })
    }

    /// Nothing was counted yet. Only while no worker is at it.
    pub fn clear(&self) {
        self.gate.0.shut();
        self.count.0.store(0, Relaxed);
        self.spin.0.count().store(0, Relaxed);
        self.spin.0.unlock();
        self.pair.0.clear();
        let apart = self.apart.iter().map(|shard| &shard.0);
        for shard in self.near.iter().chain(apart) {
            shard.store(0, Relaxed);
        }
    }
}
