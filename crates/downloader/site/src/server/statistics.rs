//! What was asked of the site, for `/stats`: so that a test can hold a downloader to its limits.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde::Serialize;

/// So many hosts and keys are told apart; more are a mistake, and must not take memory.
const MOST_NAMES: usize = 100_000;

/// Counts of one site.
#[derive(Default)]
pub(crate) struct Statistics {
    connections: AtomicU64,
    open: Level,
    requests: AtomicU64,
    in_flight: Level,
    hosts: Mutex<BTreeMap<String, Arc<Level>>>,
    keys: Mutex<BTreeMap<String, u64>>,
}

/// How many there are, and were at most.
#[derive(Default)]
struct Level {
    now: AtomicU64,
    most: AtomicU64,
}

impl Level {
    fn up(&self) {
        let now = self.now.fetch_add(1, Relaxed) + 1;
        self.most.fetch_max(now, Relaxed);
    }

    fn down(&self) {
        self.now.fetch_sub(1, Relaxed);
    }

    fn reset(&self) {
        self.most.store(self.now.load(Relaxed), Relaxed);
    }
}

/// What `/stats` says, as JSON.
#[derive(Serialize)]
struct Report {
    /// Accepted since the start or the last reset.
    connections: u64,
    /// Open now.
    connections_open: u64,
    /// Open at once, at most.
    connections_open_most: u64,
    /// Requests, without those for `/stats` and `/reset-stats`.
    requests: u64,
    /// Requests whose answers are not sent yet.
    in_flight: u64,
    /// The same at most.
    in_flight_most: u64,
    /// The same for each `Host`, port included.
    in_flight_most_by_host: BTreeMap<String, u64>,
    /// Requests for each path that has a KEY.
    requests_by_key: BTreeMap<String, u64>,
}

impl Statistics {
    /// Counts a connection, open until what is returned is dropped.
    pub(crate) fn connection(self: &Arc<Self>) -> Connection {
        self.connections.fetch_add(1, Relaxed);
        self.open.up();
        Connection(Arc::clone(self))
    }

    /// Counts a request to `host`, in flight until what is returned is dropped.
    pub(crate) fn request(self: &Arc<Self>, host: &str) -> InFlight {
        self.requests.fetch_add(1, Relaxed);
        self.in_flight.up();
        let host = self.host(host);
        if let Some(host) = &host {
            host.up();
        }
        InFlight {
            statistics: Arc::clone(self),
            host,
        }
    }

    fn host(&self, name: &str) -> Option<Arc<Level>> {
        let mut hosts = lock(&self.hosts);
        if let Some(host) = hosts.get(name) {
            return Some(Arc::clone(host));
        }
        (hosts.len() < MOST_NAMES).then(|| Arc::clone(hosts.entry(name.to_owned()).or_default()))
    }

    /// Counts a request for the path `key`, and says how many came before it.
    pub(crate) fn key(&self, key: &str) -> u64 {
        let mut keys = lock(&self.keys);
        if keys.len() >= MOST_NAMES && !keys.contains_key(key) {
            return 0;
        }
        let count = keys.entry(key.to_owned()).or_default();
        *count += 1;
        *count - 1
    }

    pub(crate) fn to_json(&self) -> serde_json::Result<String> {
        serde_json::to_string_pretty(&Report {
            connections: self.connections.load(Relaxed),
            connections_open: self.open.now.load(Relaxed),
            connections_open_most: self.open.most.load(Relaxed),
            requests: self.requests.load(Relaxed),
            in_flight: self.in_flight.now.load(Relaxed),
            in_flight_most: self.in_flight.most.load(Relaxed),
            in_flight_most_by_host: lock(&self.hosts)
                .iter()
                .map(|(name, level)| (name.clone(), level.most.load(Relaxed)))
                .collect(),
            requests_by_key: lock(&self.keys).clone(),
        })
    }

    /// As if nothing had been asked yet, but for what is still open or in flight.
    pub(crate) fn reset(&self) {
        self.connections.store(self.open.now.load(Relaxed), Relaxed);
        self.open.reset();
        self.requests
            .store(self.in_flight.now.load(Relaxed), Relaxed);
        self.in_flight.reset();
        lock(&self.hosts).retain(|_, host| {
            host.reset();
            host.now.load(Relaxed) > 0
        });
        lock(&self.keys).clear();
    }
}

/// Counts are whole after each line, so a panic elsewhere does not spoil them.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// An open connection.
pub(crate) struct Connection(Arc<Statistics>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.open.down();
    }
}

/// A request whose answer is not sent yet.
pub(crate) struct InFlight {
    statistics: Arc<Statistics>,
    host: Option<Arc<Level>>,
}

impl Drop for InFlight {
    fn drop(&mut self) {
        self.statistics.in_flight.down();
        if let Some(host) = &self.host {
            host.down();
        }
    }
}
