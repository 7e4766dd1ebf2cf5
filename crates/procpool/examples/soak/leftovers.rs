//! Nothing is left behind: no process, no descriptor, no file.

use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus};
use std::time::{Duration, Instant};
use std::{env, fs, io, thread};

/// What this process has, by which a leak shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Belongings {
    children: usize,
    descriptors: usize,
    files: usize,
}

impl Belongings {
    pub(crate) fn now() -> io::Result<Belongings> {
        Ok(Belongings {
            children: children(),
            descriptors: fs::read_dir("/proc/self/fd")?.count(),
            files: fs::read_dir(env::temp_dir())?.count(),
        })
    }

    /// Waits until there is no more than this; a thread that reads a worker's last lines may take a
    /// moment. An error says what there is instead.
    pub(crate) fn wait_for(self) -> Result<(), String> {
        let start = Instant::now();
        loop {
            let now = Belongings::now().map_err(|error| error.to_string())?;
            if now == self {
                return Ok(());
            }
            if start.elapsed() > Duration::from_secs(20) {
                let open = open_files();
                return Err(format!(
                    "left behind: {now:?} instead of {self:?}; {open:?}"
                ));
            }
            thread::sleep(Duration::from_millis(10));
        }
    }
}

fn open_files() -> Vec<PathBuf> {
    let entries = fs::read_dir("/proc/self/fd").into_iter().flatten();
    let target = |entry: io::Result<fs::DirEntry>| fs::read_link(entry.ok()?.path()).ok();
    entries.filter_map(target).collect()
}

/// How many processes this one has started and not waited for.
pub(crate) fn children() -> usize {
    let entries = fs::read_dir("/proc").into_iter().flatten();
    let pid = |entry: io::Result<fs::DirEntry>| entry.ok()?.file_name().to_str()?.parse().ok();
    let ours = |&pid: &u32| parent_of(pid) == Some(process::id());
    entries.filter_map(pid).filter(ours).count()
}

/// Of a process that is there, be it a zombie.
pub(crate) fn parent_of(pid: u32) -> Option<u32> {
    let stat = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // Behind the name, which may hold anything.
    stat.rsplit_once(") ")?.1.split(' ').nth(1)?.parse().ok()
}

/// Runs a command with a temporary directory of its own, so that what it leaves there is seen.
pub(crate) fn run_in_own_directory(command: &mut Command) -> io::Result<ExitStatus> {
    let directory = env::temp_dir().join(format!("soak-{}", process::id()));
    fs::create_dir(&directory)?;
    let status = command.env("TMPDIR", &directory).status();
    remove(&directory)?;
    status
}

/// Only if it is empty: else somebody will want to look at it.
fn remove(directory: &Path) -> io::Result<()> {
    fs::remove_dir(directory).map_err(|error| {
        let text = format!("{} is left: {error}", directory.display());
        io::Error::new(error.kind(), text)
    })
}
