//! Whose turn it is: tasks in their order, but never too many from one host.

use std::collections::{HashMap, VecDeque};

use url::Url;

use crate::task::Task;

/// So many tasks are looked at beyond one whose host is busy. More would be more memory, for lists in which a
/// thousand pages of one host stand together.
const AHEAD: usize = 1_000;

/// Hands out tasks. Plain data: a variant says how it is shared, and how one waits for a turn.
pub struct Turns<I> {
    tasks: std::iter::Enumerate<I>,
    per_host: Option<u32>,
    /// Tasks whose host was busy, in order.
    held: VecDeque<(usize, String, Task)>,
    /// Hosts of the tasks that are under way, and how many these are. Empty without a limit.
    under_way: HashMap<usize, String>,
    busy: HashMap<String, u32>,
    stopped: bool,
}

/// What [`Turns::next`] says.
#[derive(Debug, PartialEq)]
pub enum Turn {
    /// Do this task; its number says where it stands in the input, from 0.
    Task(usize, Task),
    /// All that could be done next is from busy hosts: ask again when a task is done.
    Wait,
    /// There is nothing left to do.
    End,
}

impl<I: Iterator<Item = Task>> Turns<I> {
    /// Turns for `tasks`, with at most `per_host` of a host under way at once.
    pub fn new(tasks: I, per_host: Option<u32>) -> Self {
        Self {
            tasks: tasks.enumerate(),
            per_host,
            held: VecDeque::new(),
            under_way: HashMap::new(),
            busy: HashMap::new(),
            stopped: false,
        }
    }

    /// The next task that may begin.
    #[expect(
        clippy::should_implement_trait,
        reason = "an iterator that has ended does not go on, but this does when a task is done"
    )]
    pub fn next(&mut self) -> Turn {
        if self.stopped {
            return Turn::End;
        }
        let Some(limit) = self.per_host else {
            let next = self.tasks.next();
            return next.map_or(Turn::End, |(number, task)| Turn::Task(number, task));
        };
        let is_free = |busy: &HashMap<String, u32>, host: &str| {
            busy.get(host).is_none_or(|count| *count < limit)
        };
        let turn = (self.held.iter()).position(|(_, host, _)| is_free(&self.busy, host));
        if let Some((number, host, task)) = turn.and_then(|at| self.held.remove(at)) {
            return self.begin(number, host, task);
        }
        while self.held.len() < AHEAD {
            let Some((number, task)) = self.tasks.next() else {
                break;
            };
            let host = host(&task.url);
            if is_free(&self.busy, &host) {
                return self.begin(number, host, task);
            }
            self.held.push_back((number, host, task));
        }
        if self.held.is_empty() {
            Turn::End
        } else {
            Turn::Wait
        }
    }

    /// No further task shall begin.
    pub fn stop(&mut self) {
        self.stopped = true;
    }

    /// Task `number` is done: its host is less busy.
    pub fn done(&mut self, number: usize) {
        let Some(host) = self.under_way.remove(&number) else {
            return;
        };
        if let Some(count) = self.busy.get_mut(&host) {
            *count -= 1;
            if *count == 0 {
                self.busy.remove(&host);
            }
        }
    }

    fn begin(&mut self, number: usize, host: String, task: Task) -> Turn {
        *self.busy.entry(host.clone()).or_default() += 1;
        self.under_way.insert(number, host);
        Turn::Task(number, task)
    }
}

/// Host and port: what one server listens at. All that is no URL is one host, that is never asked.
fn host(url: &str) -> String {
    let url = Url::parse(url).ok();
    let place = url.and_then(|url| {
        let port = url.port_or_known_default().unwrap_or_default();
        Some(format!("{}:{port}", url.host_str()?))
    });
    place.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(url: &str) -> Task {
        Task {
            url: url.to_owned(),
            part: String::new(),
            fault: None,
        }
    }

    fn turns(urls: &[&str], per_host: Option<u32>) -> Turns<std::vec::IntoIter<Task>> {
        let tasks: Vec<_> = urls.iter().map(|url| task(url)).collect();
        Turns::new(tasks.into_iter(), per_host)
    }

    fn number<I: Iterator<Item = Task>>(turns: &mut Turns<I>) -> Option<usize> {
        match turns.next() {
            Turn::Task(number, _) => Some(number),
            Turn::Wait => None,
            Turn::End => panic!("it is not the end"),
        }
    }

    #[test]
    fn without_a_limit_all_have_their_turn_in_order() {
        let mut turns = turns(&["http://a/1", "http://a/2", "http://b/1"], None);
        assert_eq!(
            [(); 3].map(|()| number(&mut turns)),
            [Some(0), Some(1), Some(2)]
        );
        assert_eq!(turns.next(), Turn::End);
    }

    #[test]
    fn a_busy_host_waits_and_others_go_before() {
        let urls = ["http://a/1", "http://A:80/2", "http://a/3", "http://b/1"];
        let mut turns = turns(&urls, Some(2));
        assert_eq!(
            [(); 4].map(|()| number(&mut turns)),
            [Some(0), Some(1), Some(3), None]
        );
        turns.done(1);
        assert_eq!(number(&mut turns), Some(2));
        assert_eq!(turns.next(), Turn::End);
        turns.done(0);
        turns.done(2);
        turns.done(3);
        assert!(turns.busy.is_empty() && turns.under_way.is_empty());
    }

    #[test]
    fn ports_are_hosts_of_their_own() {
        let mut turns = turns(&["http://a:1/", "http://a:2/", "https://a/"], Some(1));
        assert_eq!(
            [(); 3].map(|()| number(&mut turns)),
            [Some(0), Some(1), Some(2)]
        );
    }

    #[test]
    fn only_so_many_are_held() {
        let endless = std::iter::repeat_with(|| task("http://a/"));
        let mut turns = Turns::new(endless, Some(1));
        assert_eq!(number(&mut turns), Some(0));
        assert_eq!(turns.next(), Turn::Wait);
        assert_eq!(turns.held.len(), AHEAD);
    }
}
