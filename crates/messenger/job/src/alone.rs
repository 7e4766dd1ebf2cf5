//! One worker with nobody to talk to: what a message costs by itself, before anybody is told anything.
//!
//! `touch` is what every way does with a message, `copy` the least that a way costs which copies once, and the two of
//! postcard are what ipc-channel does to a message beside handing it over.

use anyhow::{Context, Result};
use serde::de::{self, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::end::{End, Next};
use crate::error::TalkError;
use crate::message::{Content, Typed, copied, room};
use crate::plan::Plan;
use crate::report::Report;
use crate::talk::{Asked, Talk, Told};
use crate::way::{Alone, Way};

/// Does what is planned, and reports it.
///
/// # Errors
/// If there is no memory.
pub fn run(plan: &Plan, report: &mut Report) -> Result<()> {
    report.workers_ready();
    for talk in plan.talks() {
        let (asked, told) = by(&talk).with_context(|| talk.about())?;
        report.take(&talk, &asked, &told);
    }
    report.work_done();
    Ok(())
}

fn by(talk: &Talk) -> Result<(Asked, Told), TalkError> {
    talk.fits()?;
    let payload = room(talk.bytes)?;
    match talk.way {
        Way::Alone(Alone::Copy) => talk.alone(Copied {
            payload,
            arrived: room(talk.bytes)?,
        }),
        Way::Alone(Alone::Postcard) => talk.alone(Encoded::<Typed>::new(payload)),
        Way::Alone(Alone::PostcardBytes) => talk.alone(Encoded::<Bytes>::new(payload)),
        _ => talk.alone(Touched { payload }),
    }
}

/// Written and read where it is.
struct Touched {
    payload: Vec<u8>,
}

impl End for Touched {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        content.write(&mut self.payload, next.number);
        Ok(())
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        content.take(next, next.number, &self.payload)
    }
}

/// Copied once.
struct Copied {
    payload: Vec<u8>,
    arrived: Vec<u8>,
}

impl End for Copied {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        content.write(&mut self.payload, next.number);
        self.arrived.copy_from_slice(&self.payload);
        Ok(())
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        content.take(next, next.number, &self.arrived)
    }
}

/// Encoded into a vector, and decoded from it.
struct Encoded<T> {
    message: Option<T>,
    encoded: Vec<u8>,
}

/// A message that postcard can take.
trait Message: Serialize + for<'de> Deserialize<'de> {
    fn new(payload: Vec<u8>) -> Self;
    fn parts(&mut self) -> (&mut u64, &mut Vec<u8>);
}

impl<T: Message> Encoded<T> {
    fn new(payload: Vec<u8>) -> Self {
        Self {
            message: Some(T::new(payload)),
            encoded: Vec::new(),
        }
    }
}

impl<T: Message> End for Encoded<T> {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let message = self.message.as_mut().ok_or(TalkError::Gone)?;
        let (number, payload) = message.parts();
        *number = next.number;
        content.write(payload, next.number);
        self.encoded.clear();
        let encoded = std::mem::take(&mut self.encoded);
        self.encoded = postcard::to_extend(message, encoded).map_err(TalkError::Encoding)?;
        Ok(())
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        let mut message: T = postcard::from_bytes(&self.encoded).map_err(TalkError::Encoding)?;
        let (number, payload) = message.parts();
        content.take(next, *number, payload)?;
        self.message = Some(message);
        Ok(())
    }
}

impl Message for Typed {
    fn new(payload: Vec<u8>) -> Self {
        Self { number: 0, payload }
    }

    fn parts(&mut self) -> (&mut u64, &mut Vec<u8>) {
        (&mut self.number, &mut self.payload)
    }
}

/// The same message, with a payload that serde is told to be bytes: all at once, and not one by one.
#[derive(Serialize, Deserialize)]
struct Bytes {
    number: u64,
    #[serde(serialize_with = "as_bytes", deserialize_with = "from_bytes")]
    payload: Vec<u8>,
}

impl Message for Bytes {
    fn new(payload: Vec<u8>) -> Self {
        Self { number: 0, payload }
    }

    fn parts(&mut self) -> (&mut u64, &mut Vec<u8>) {
        (&mut self.number, &mut self.payload)
    }
}

fn as_bytes<S: Serializer>(payload: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_bytes(payload)
}

fn from_bytes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
    struct Copying;
    impl Visitor<'_> for Copying {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            formatter.write_str("bytes")
        }

        fn visit_bytes<E: de::Error>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            copied(bytes).map_err(E::custom)
        }
    }
    deserializer.deserialize_bytes(Copying)
}
