//! A job whose tasks obey orders, bad ones included.

mod files;
mod harm;
mod unsayable;

use std::path::PathBuf;
use std::time::{Duration, Instant};
use std::{process, thread};

use procpool::{Bytes, Job, Pool, PoolError, TaskError};
use serde::{Deserialize, Serialize};

pub(crate) use files::{Gate, Notes};
pub(crate) use harm::Channel;
pub(crate) use unsayable::{OneWay, Silent, Startling};

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
    /// Panics, and once more in a destructor while the first panic unwinds.
    PanicTwice,
    /// Panics with something that panics when it is dropped.
    PanicWithTrap,
    Pid,
    Abort,
    Exit(i32),
    Signal(i32),
    OverflowTheStack,
    /// Allocates until there is no more, which is soon.
    Exhaust,
    /// Lives on without channels, as another program.
    CloseChannels,
    /// Shuts a channel of the worker down, then does the next.
    HangUp(Channel, Box<Order>),
    /// Sends nonsense in the place of outputs, then does the next.
    Babble(Box<Order>),
    UseUpDescriptors,
    /// May have only so many bytes of memory more from now on.
    Confine(u64),
    /// Writes a line to the file, then does the next.
    Note(PathBuf, Box<Order>),
    /// Waits until the file is there, then does the next.
    Await(PathBuf, Box<Order>),
    /// Tells of so many units of progress, then does the next.
    Advance(u64, Box<Order>),
    /// Uses so many bytes of memory for a moment.
    Touch(usize),
    /// Says something on standard output and error, then does the next.
    Say(String, Box<Order>),
    /// So many bytes of lines, on standard output and error in turn.
    Noise(usize),
    Bytes(Vec<u8>),
    /// The same as one piece.
    Piece(Bytes),
    Descriptors,
    /// Starts this program once more, as somebody who starts a pool.
    StartMyself,
    /// Leaves a process behind.
    LeaveBehind,
    Unencodable(Silent),
    Undecodable(OneWay),
    Startling(Startling),
    UnencodableOutput,
    UndecodableOutput,
    StartlingOutput,
    /// Keeps them.
    Keep(Bytes),
    /// What was kept.
    Kept,
    /// Brings something large with it, then does the next.
    Carry(Bytes, Box<Order>),
    /// Does the next, and puts so many bytes before its answer.
    Fetch(usize, Box<Order>),
}

#[derive(Debug, PartialEq, Serialize, Deserialize)]
pub(crate) enum Answer {
    Number(u64),
    Texts(Vec<String>),
    Bytes(Vec<u8>),
    Piece(Bytes),
    Nothing,
    Silent(Silent),
    OneWay(OneWay),
    Startling(Startling),
    Fetched(Bytes, Box<Answer>),
    /// What all of the bytes are (255 if they differ), and how many.
    Kept(Vec<(u8, usize)>),
}

#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Refused(
    #[serde(
        serialize_with = "unsayable::say",
        deserialize_with = "unsayable::hear"
    )]
    pub(crate) String,
);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "refused: {}", self.0)
    }
}

impl std::error::Error for Refused {}

/// Knows how many tasks it has done, which shows whether it was made anew.
pub(crate) struct Obey {
    done: u64,
    kept: Vec<Bytes>,
}

impl Job for Obey {
    const NAME: &'static str = "obey";
    type Setup = ();
    type Task = Order;
    type Output = Answer;
    type Error = Refused;

    fn new((): ()) -> Result<Self, Refused> {
        Ok(Obey {
            done: 0,
            kept: Vec::new(),
        })
    }

    fn run(&mut self, order: Order) -> Result<Answer, Refused> {
        self.done += 1;
        match order {
            Order::Keep(bytes) => self.kept.push(bytes),
            Order::Kept => return Ok(Answer::Kept(self.kept.iter().map(described).collect())),
            other => return obey(other),
        }
        Ok(Answer::Nothing)
    }
}

fn described(bytes: &Bytes) -> (u8, usize) {
    let first = bytes.first().copied().unwrap_or_default();
    let same = bytes.iter().all(|&byte| byte == first);
    (if same { first } else { u8::MAX }, bytes.len())
}

pub(crate) fn obey(order: Order) -> Result<Answer, Refused> {
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
        Order::PanicTwice => harm::panic_twice(),
        Order::PanicWithTrap => harm::panic_with_a_trap(),
        Order::Pid => return Ok(Answer::Number(process::id().into())),
        Order::Abort => process::abort(),
        Order::Exit(status) => process::exit(status),
        Order::Signal(signal) => harm::signal_myself(signal),
        Order::OverflowTheStack => harm::overflow_the_stack(),
        Order::Exhaust => harm::exhaust(),
        Order::CloseChannels => harm::close_channels(),
        Order::HangUp(channel, next) => {
            harm::hang_up(channel);
            return obey(*next);
        }
        Order::Babble(next) => {
            harm::babble();
            return obey(*next);
        }
        Order::UseUpDescriptors => harm::use_up_descriptors(),
        Order::Confine(room) => harm::confine(room),
        Order::Note(path, next) => {
            files::note(&path, &next);
            return obey(*next);
        }
        Order::Await(path, next) => {
            files::wait_for(&path);
            return obey(*next);
        }
        Order::Advance(units, next) => {
            procpool::advance(units);
            return obey(*next);
        }
        Order::Touch(bytes) => drop(std::hint::black_box(vec![7_u8; bytes])),
        Order::Say(text, next) => {
            println!("{text} (out)");
            eprintln!("{text} (err)");
            return obey(*next);
        }
        Order::Noise(bytes) => harm::make_noise(bytes),
        Order::Bytes(bytes) => return Ok(Answer::Bytes(bytes)),
        Order::Piece(bytes) => return Ok(Answer::Piece(bytes)),
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
        Order::Keep(_) | Order::Kept => unreachable!("the job itself sees to it"),
        Order::Unencodable(_) | Order::Undecodable(_) | Order::Startling(_) => {
            unreachable!("it was encoded and decoded")
        }
        Order::UnencodableOutput => return Ok(Answer::Silent(Silent)),
        Order::UndecodableOutput => return Ok(Answer::OneWay(OneWay)),
        Order::StartlingOutput => return Ok(Answer::Startling(Startling)),
        Order::Carry(_, next) => return obey(*next),
        Order::Fetch(bytes, next) => {
            let answer = Box::new(obey(*next)?);
            return Ok(Answer::Fetched(vec![7; bytes].into(), answer));
        }
    }
    Ok(Answer::Nothing)
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
