//! A job whose tasks obey orders, bad ones included.

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{fs, process, thread};

use procpool::{Job, Pool, PoolError, TaskError};
use rustix::process::{Signal, getpid, kill_process};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) enum Order {
    Echo(u64),
    /// Busy for so many microseconds, then echo.
    Spin(u64, u64),
    SpinForEver,
    Sleep(u64),
    /// Sleeps, then says who slept.
    SleepPid(u64),
    Fail(String),
    Panic(String),
    Pid,
    Abort,
    Exit(i32),
    Signal(i32),
    OverflowTheStack,
    CloseChannels,
    /// Writes a line to the file, then does the next.
    Note(PathBuf, Box<Order>),
    /// Says something on standard output and error, then does the next.
    Say(String, Box<Order>),
    Noise(usize),
    Bytes(Vec<u8>),
    Descriptors,
    /// Starts this program once more, as somebody who starts a pool.
    StartMyself,
    /// Leaves a process behind.
    LeaveBehind,
    Undecodable(OneWay),
    UnencodableOutput,
    UndecodableOutput,
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    Number(u64),
    Texts(Vec<String>),
    Bytes(Vec<u8>),
    Nothing,
    Silent(Silent),
    OneWay(OneWay),
}

/// Can be encoded, and cannot be decoded.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub(crate) struct OneWay;

impl<'de> Deserialize<'de> for OneWay {
    fn deserialize<D: Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        Err(serde::de::Error::custom("one way only"))
    }
}

/// Cannot be encoded.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub(crate) struct Silent;

impl Serialize for Silent {
    fn serialize<S: Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
        Err(serde::ser::Error::custom("nothing to say"))
    }
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refused(pub(crate) String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

impl std::error::Error for Refused {}

/// Knows how many tasks it has done, which shows whether it was made anew.
pub(crate) struct Obey {
    done: u64,
}

impl Job for Obey {
    const NAME: &'static str = "obey";
    type Setup = ();
    type Task = Order;
    type Output = Answer;
    type Error = Refused;

    fn new((): ()) -> Result<Self, Refused> {
        Ok(Obey { done: 0 })
    }

    fn run(&mut self, order: Order) -> Result<Answer, Refused> {
        self.done += 1;
        obey(order)
    }
}

fn obey(order: Order) -> Result<Answer, Refused> {
    match order {
        Order::Echo(number) => return Ok(Answer::Number(number)),
        Order::Spin(time, number) => {
            let start = Instant::now();
            while start.elapsed() < Duration::from_micros(time) {}
            return Ok(Answer::Number(number));
        }
        Order::SpinForEver => loop {
            std::hint::spin_loop();
        },
        Order::Sleep(millis) => thread::sleep(Duration::from_millis(millis)),
        Order::SleepPid(millis) => {
            thread::sleep(Duration::from_millis(millis));
            return Ok(Answer::Number(process::id().into()));
        }
        Order::Fail(text) => return Err(Refused(text)),
        Order::Panic(text) => panic!("{text}"),
        Order::Pid => return Ok(Answer::Number(process::id().into())),
        Order::Abort => process::abort(),
        Order::Exit(status) => process::exit(status),
        Order::Signal(signal) => signal_myself(signal),
        Order::OverflowTheStack => {
            overflow(&[0; 4096]);
        }
        Order::CloseChannels => close_channels(),
        Order::Note(path, next) => {
            use std::io::Write;
            let mut file = fs::File::options()
                .create(true)
                .append(true)
                .open(path)
                .unwrap();
            writeln!(file, "{next:?}").unwrap();
            return obey(*next);
        }
        Order::Say(text, next) => {
            println!("{text} (out)");
            eprintln!("{text} (err)");
            return obey(*next);
        }
        Order::Noise(bytes) => {
            let line = "x".repeat(99);
            (0..bytes / 100).for_each(|_| eprintln!("{line}"));
        }
        Order::Bytes(bytes) => return Ok(Answer::Bytes(bytes)),
        Order::Descriptors => return Ok(Answer::Texts(crate::process::sockets("self"))),
        Order::StartMyself => {
            let mut command = crate::process::in_role("start-and-tell", "grandchild");
            let output = command.output().unwrap();
            return Ok(Answer::Texts(vec![
                String::from_utf8(output.stdout).unwrap(),
            ]));
        }
        Order::LeaveBehind => {
            #[expect(clippy::zombie_processes, reason = "that is the fault to survive")]
            let child = process::Command::new("sleep").arg("1000").spawn().unwrap();
            return Ok(Answer::Number(child.id().into()));
        }
        Order::Undecodable(_) => unreachable!("it was decoded"),
        Order::UnencodableOutput => return Ok(Answer::Silent(Silent)),
        Order::UndecodableOutput => return Ok(Answer::OneWay(OneWay)),
    }
    Ok(Answer::Nothing)
}

fn signal_myself(signal: i32) {
    let signal = Signal::from_named_raw(signal).unwrap();
    // Twice: Rust's own handler of SIGSEGV only restores the default, and waits for the next fault.
    kill_process(getpid(), signal).unwrap();
    thread::sleep(Duration::from_millis(1));
    kill_process(getpid(), signal).unwrap();
    thread::sleep(Duration::from_secs(10));
}

#[inline(never)]
fn overflow(room: &[u8; 4096]) -> u8 {
    if std::hint::black_box(false) {
        return 0;
    }
    let more = std::hint::black_box([room[0]; 4096]);
    overflow(&more).wrapping_add(more[1])
}

/// As far as safe code can: a program that replaces this process has none of its channels.
fn close_channels() {
    use std::os::unix::process::CommandExt;
    let error = process::Command::new("sleep").arg("1000").exec();
    panic!("{error}");
}

pub(crate) type Outcome = Result<Answer, TaskError<Obey>>;

pub(crate) fn pool(workers: usize) -> Pool<Obey> {
    try_pool(workers, 1).unwrap()
}

pub(crate) fn try_pool(workers: usize, retries: u32) -> Result<Pool<Obey>, PoolError> {
    Pool::<Obey>::builder()
        .workers(workers)
        .retries(retries)
        .start(())
}

/// The numbers of a map of echoes; other answers fail the test.
pub(crate) fn number(outcome: Outcome) -> u64 {
    match outcome {
        Ok(Answer::Number(number)) => number,
        other => panic!("expected a number, got {other:?}"),
    }
}
