//! Processes, as Linux shows them in `/proc`. Elsewhere there are no such files, and so no answers.

use std::collections::BTreeSet;
use std::fs;
use std::thread;
use std::time::Duration;

use super::platform;

/// One process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Process {
    pub(crate) pid: u32,
    parent: u32,
    group: u32,
    /// Whether it has ended, and was not waited for yet.
    ended: bool,
}

/// The process `root`, all its descendants, and everything else in its process group: a child whose
/// parent has ended is nobody's descendant, and still in the group.
pub(crate) fn tree(root: u32) -> Vec<Process> {
    below(&all(), [root].into(), Some(root))
}

/// Every child of this process that has not ended and is none of `before`, and all descendants of these.
pub(crate) fn new_children(before: &BTreeSet<u32>) -> Vec<Process> {
    // Nearly always there is none, and then the list of all processes need not be read.
    if children().is_subset(before) {
        return Vec::new();
    }
    let own = std::process::id();
    let all = all();
    let new = |one: &&Process| one.parent == own && !before.contains(&one.pid);
    let new = all.iter().filter(new).map(|one| one.pid).collect();
    below(&all, new, None)
}

/// The numbers of all children of this process, of those that have ended too.
pub(crate) fn children() -> BTreeSet<u32> {
    if let Some(children) = children_by_thread() {
        return children;
    }
    let own = std::process::id();
    let listed = listed().into_iter();
    listed
        .filter(|one| one.parent == own)
        .map(|one| one.pid)
        .collect()
}

/// The same, by the files that the kernel may offer for it (`/proc/PID/task/TID/children`, proc(5)): much faster
/// than to look at all processes. A child belongs to the thread that started or adopted it.
fn children_by_thread() -> Option<BTreeSet<u32>> {
    let mut children = BTreeSet::new();
    for thread in fs::read_dir("/proc/self/task").ok()? {
        // Also missing for a thread that has ended just now, whose children another one has: look at all.
        let text = fs::read_to_string(thread.ok()?.path().join("children")).ok()?;
        let numbers = text
            .split_whitespace()
            .filter_map(|pid| pid.parse::<u32>().ok());
        children.extend(numbers);
    }
    Some(children)
}

/// What lives of a process group; `None` where there is no list of processes.
pub(crate) fn in_group(group: u32) -> Option<Vec<Process>> {
    let all = all();
    let has_list = !all.is_empty();
    has_list.then(|| all.into_iter().filter(|one| one.group == group).collect())
}

/// These, their descendants, and all that is in the group.
fn below(all: &[Process], mut members: BTreeSet<u32>, group: Option<u32>) -> Vec<Process> {
    // A child may stand before its parent in the list, so until nothing is added.
    loop {
        let before = members.len();
        let belongs = |one: &&Process| Some(one.group) == group || members.contains(&one.parent);
        let found: Vec<u32> = all.iter().filter(belongs).map(|one| one.pid).collect();
        members.extend(found);
        if members.len() == before {
            break;
        }
    }
    all.iter()
        .filter(|one| members.contains(&one.pid))
        .copied()
        .collect()
}

/// Every process that has `mark`, which is `NAME=value`, in the environment that it was started with.
/// This finds what has left the tree of its parent and its group.
pub(crate) fn marked(mark: &str) -> Vec<Process> {
    let has_mark = |one: &Process| {
        let all = environment(*one);
        all.split(|byte| *byte == 0)
            .any(|one| one == mark.as_bytes())
    };
    let own = std::process::id();
    all()
        .into_iter()
        .filter(|one| one.pid != own && has_mark(one))
        .collect()
}

/// The environment that a process was started with; empty if it has ended or may not be looked at.
fn environment(process: Process) -> Vec<u8> {
    // In the middle of execve(2) a process has none yet. Threads of the kernel never have.
    const LOOKS: u32 = 5;
    const PAUSE: Duration = Duration::from_micros(200);
    const KERNEL: u32 = 2;
    let of_the_kernel = [process.pid, process.parent].contains(&KERNEL);
    for _ in 0..LOOKS {
        match fs::read(format!("/proc/{}/environ", process.pid)) {
            Ok(found) if found.is_empty() && !of_the_kernel => thread::sleep(PAUSE),
            Ok(found) => return found,
            Err(_) => break,
        }
    }
    Vec::new()
}

/// Kills whatever `find` finds, until it finds nothing. Returns how many processes that were.
pub(crate) fn kill_all(find: impl Fn() -> Vec<Process>) -> usize {
    // What starts children faster than it can be killed is let go after so many rounds.
    const ROUNDS: u32 = 50;
    const PAUSE: Duration = Duration::from_millis(5);
    let mut killed = BTreeSet::new();
    for _ in 0..ROUNDS {
        let found = find();
        if found.is_empty() {
            break;
        }
        for process in &found {
            platform::kill(process.pid);
        }
        killed.extend(found.iter().map(|process| process.pid));
        thread::sleep(PAUSE);
    }
    killed.len()
}

/// Processes that a harness started which is no more: by a mark that begins with its number.
pub(crate) fn of_dead_owners(variable: &str) -> Vec<Process> {
    let begin = format!("{variable}=");
    let owner = |one: &Process| {
        let all = environment(*one);
        let marks = all.split(|byte| *byte == 0);
        let mut mark = marks.filter_map(|one| std::str::from_utf8(one).ok()?.strip_prefix(&begin));
        let mark = mark.next_back()?;
        mark.split('-').next()?.parse::<u32>().ok()
    };
    let all = all();
    let lives = |pid: u32| all.iter().any(|one| one.pid == pid);
    let orphaned = |one: &&Process| owner(one).is_some_and(|owner| !lives(owner));
    all.iter().filter(orphaned).copied().collect()
}

/// What a process is called.
pub(crate) fn name(process: Process) -> Option<String> {
    let name = fs::read_to_string(format!("/proc/{}/comm", process.pid)).ok()?;
    Some(name.trim().to_owned())
}

/// The memory of one process, in bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Memory {
    pub(crate) pss: u64,
    pub(crate) private: u64,
    pub(crate) rss: u64,
}

/// What memory a process has now; absent if it has ended or may not be looked at.
pub(crate) fn memory(process: Process) -> Option<Memory> {
    memory_in(&fs::read_to_string(format!("/proc/{}/smaps_rollup", process.pid)).ok()?)
}

fn memory_in(rollup: &str) -> Option<Memory> {
    let bytes = |key: &str| {
        let line = rollup.lines().find_map(|line| line.strip_prefix(key))?;
        let kibibytes: u64 = line
            .strip_prefix(':')?
            .strip_suffix("kB")?
            .trim()
            .parse()
            .ok()?;
        Some(kibibytes * 1024)
    };
    let huge = bytes("Private_Hugetlb").unwrap_or(0);
    Some(Memory {
        pss: bytes("Pss")?,
        private: bytes("Private_Clean")? + bytes("Private_Dirty")? + huge,
        rss: bytes("Rss")?,
    })
}

/// How long a thread ran and how long it waited for a processor, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(crate) thread: u32,
    pub(crate) ran_ns: u64,
    pub(crate) delayed_ns: u64,
}

/// That of every thread that a process has now.
pub(crate) fn schedules(process: Process) -> Vec<Schedule> {
    let threads = fs::read_dir(format!("/proc/{}/task", process.pid));
    let threads = threads.into_iter().flatten().flatten();
    threads
        .filter_map(|thread| {
            let number = thread.file_name().to_str()?.parse().ok()?;
            let text = fs::read_to_string(thread.path().join("schedstat")).ok()?;
            schedule_in(number, &text)
        })
        .collect()
}

fn schedule_in(thread: u32, schedstat: &str) -> Option<Schedule> {
    let mut figures = schedstat.split_whitespace();
    Some(Schedule {
        thread,
        ran_ns: figures.next()?.parse().ok()?,
        delayed_ns: figures.next()?.parse().ok()?,
    })
}

/// Those that have not ended.
fn all() -> Vec<Process> {
    let mut all = listed();
    all.retain(|one| !one.ended);
    all
}

fn listed() -> Vec<Process> {
    let entries = fs::read_dir("/proc").into_iter().flatten().flatten();
    entries
        .filter_map(|entry| entry.file_name().to_str()?.parse().ok())
        .filter_map(|pid: u32| {
            process_in(pid, &fs::read_to_string(format!("/proc/{pid}/stat")).ok()?)
        })
        .collect()
}

fn process_in(pid: u32, stat: &str) -> Option<Process> {
    // The name, in brackets, may hold spaces and brackets.
    let (_, behind_name) = stat.rsplit_once(')')?;
    let mut fields = behind_name.split_whitespace();
    Some(Process {
        ended: matches!(fields.next()?, "Z" | "X"),
        pid,
        parent: fields.next()?.parse().ok()?,
        group: fields.next()?.parse().ok()?,
    })
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use super::*;

    #[test]
    fn a_process_is_found_whatever_its_name_is() {
        let found = process_in(7, "7 (a) S (b)) S 3 5 5 0").unwrap();
        assert_eq!((found.pid, found.parent, found.group), (7, 3, 5));
        assert!(process_in(7, "7 (a) Z 3 5 5 0").unwrap().ended);
        assert!(process_in(7, "").is_none());
    }

    #[test]
    fn memory_is_read_in_bytes() {
        let rollup = "1-2 ---p 0 00:00 0   [rollup]\nRss:   100 kB\nPss:    30 kB\nPss_Dirty:  1 kB\n\
                      Private_Clean:  4 kB\nPrivate_Dirty:   6 kB\n";
        let expected = Memory {
            pss: 30 * 1024,
            private: 10 * 1024,
            rss: 100 * 1024,
        };
        assert_eq!(memory_in(rollup), Some(expected));
        assert_eq!(memory_in("1-2 ---p 0 00:00 0   [rollup]\n"), None);
    }

    #[test]
    fn schedules_have_the_time_run_and_the_time_waited() {
        let found = schedule_in(9, "12 34 5\n").unwrap();
        assert_eq!((found.thread, found.ran_ns, found.delayed_ns), (9, 12, 34));
        assert_eq!(schedule_in(9, "12"), None);
    }
}
