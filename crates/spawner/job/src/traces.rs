//! What is left behind: threads, children and descriptors of this process.

use std::fs;
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What has ended has so many looks to be gone.
const LOOKS: u32 = 100;
const PAUSE: Duration = Duration::from_millis(2);

/// How many there are of each, where the system tells; all 0 where it does not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Traces {
    /// Threads of this process.
    pub threads: u32,
    /// Its children, also those that have ended and were not waited for.
    pub children: u32,
    /// Files, pipes and sockets that it has open.
    pub descriptors: u32,
}

impl Traces {
    /// What there is now.
    pub fn now() -> Self {
        let of = |folder: &str| {
            fs::read_dir(folder).map_or(0, |entries| entries.flatten().count() as u32)
        };
        Self {
            threads: of("/proc/self/task"),
            children: children(),
            descriptors: of("/proc/self/fd"),
        }
    }

    /// What is left of what was added since `before`. A thread that has ended and was joined may still be listed for a
    /// moment, so there is a little time for it.
    pub(crate) fn left(before: Self) -> Self {
        let mut left = Self::now().since(before);
        for _ in 0..LOOKS {
            if left == Self::default() {
                break;
            }
            thread::sleep(PAUSE);
            left = Self::now().since(before);
        }
        left
    }

    fn since(self, before: Self) -> Self {
        Self {
            threads: self.threads.saturating_sub(before.threads),
            children: self.children.saturating_sub(before.children),
            descriptors: self.descriptors.saturating_sub(before.descriptors),
        }
    }
}

/// By who says that this is its parent.
fn children() -> u32 {
    let own = std::process::id().to_string();
    let is_child = |stat: &str| {
        // Behind the name, in brackets: the state, and the parent.
        let fields = stat.rsplit(')').next().unwrap_or_default();
        fields.split_whitespace().nth(1) == Some(&own)
    };
    let processes = fs::read_dir("/proc").into_iter().flatten().flatten();
    let stats = processes.filter_map(|one| fs::read_to_string(one.path().join("stat")).ok());
    stats.filter(|stat| is_child(stat)).count() as u32
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::process::Command;
    use std::sync::{Arc, Barrier};

    use super::*;

    #[test]
    fn zombies_threads_and_files_are_seen() {
        let before = Traces::now();
        // Other tests run in other threads meanwhile, and end: ten are more than they are.
        let over = Arc::new(Barrier::new(11));
        let threads: Vec<_> = (0..10)
            .map(|_| Arc::clone(&over))
            .map(|over| thread::spawn(move || over.wait()))
            .collect();
        let files: Vec<_> = (0..10).map(|_| fs::File::open("/dev/null")).collect();
        let start = |_| Command::new("true").spawn().unwrap();
        let children: Vec<_> = (0..10).map(start).collect();
        let left = Traces::left(before);
        over.wait();
        drop(files);
        for mut child in children {
            child.wait().unwrap();
        }
        for thread in threads {
            thread.join().unwrap();
        }
        for count in [left.threads, left.children, left.descriptors] {
            assert!((5..=15).contains(&count), "{left:?}");
        }
    }
}
