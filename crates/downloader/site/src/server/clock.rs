//! Waits to a tenth of a millisecond.
//!
//! tokio's timer counts whole milliseconds and is late by up to two of them: at a latency of 50 ms that was 3 %,
//! which every downloader measured here would have been charged with. So a thread waits for all of them.

use std::collections::BTreeMap;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::{Duration, Instant};

use tokio::sync::oneshot;

/// The thread that waits. It ends when this is dropped.
pub(crate) struct Clock(Sender<Wait>);

/// Until when, and who is to be told.
type Wait = (Instant, oneshot::Sender<()>);

impl Clock {
    pub(crate) fn start() -> Self {
        let (sender, receiver) = channel();
        std::thread::spawn(move || wait_for_all(&receiver));
        Self(sender)
    }

    /// Ends `latency` from now, never a moment earlier.
    pub(crate) async fn wait(&self, latency: Duration) {
        let Some(due) = Instant::now().checked_add(latency) else {
            return std::future::pending().await;
        };
        let (sender, receiver) = oneshot::channel();
        let told = self.0.send((due, sender)).is_ok() && receiver.await.is_ok();
        // The thread lives as long as this does; a coarse wait is right even if it did not.
        if !told {
            tokio::time::sleep_until(due.into()).await;
        }
    }
}

fn wait_for_all(waits: &Receiver<Wait>) {
    // The count tells those apart that are due at the same time.
    let mut due = BTreeMap::new();
    for count in 0_u64.. {
        let next = match due.first_key_value() {
            None => waits.recv().map_err(|_| RecvTimeoutError::Disconnected),
            Some(((at, _), _)) => {
                waits.recv_timeout(Instant::saturating_duration_since(at, Instant::now()))
            }
        };
        match next {
            Ok((at, sender)) => drop(due.insert((at, count), sender)),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return,
        }
        tell(&mut due);
    }
}

/// Tells everyone whose time has come.
fn tell(due: &mut BTreeMap<(Instant, u64), oneshot::Sender<()>>) {
    let now = Instant::now();
    while let Some(entry) = due.first_entry().filter(|entry| entry.key().0 <= now) {
        // The client may have left meanwhile.
        let _ = entry.remove().send(());
    }
}
