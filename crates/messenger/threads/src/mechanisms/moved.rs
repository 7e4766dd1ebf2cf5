//! A box that is moved through std's channel: what goes over is where the payload is, and not the payload.
//!
//! Take it for everything large. It costs the same whatever the size, and the compiler sees to it that the sender has
//! it no longer. Boxes come back and are used again: in a round trip as the answer, of a stream by the handful.

use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

use messenger::{Content, End, Mode, Next, Talk, TalkError, room};

/// What goes over.
enum Moving {
    /// A message: its number and its payload.
    Message(u64, Box<[u8]>),
    /// Boxes that are free again.
    Back(Vec<Box<[u8]>>),
}

/// One end.
pub struct Moved {
    to: SyncSender<Moving>,
    from: Receiver<Moving>,
    /// Boxes that are here.
    free: Vec<Box<[u8]>>,
    /// So many are sent back together.
    handful: usize,
}

/// Both ends, for `talk`, with as many boxes as may be under way.
///
/// # Errors
/// If there is no memory.
pub fn ends(talk: &Talk) -> Result<[Moved; 2], TalkError> {
    let window = talk.window();
    // One more than messages, for what is free again.
    let (to_there, from_here) = sync_channel(window + 1);
    let (to_here, from_there) = sync_channel(window + 1);
    let boxed = |_| Ok::<_, TalkError>(room(talk.bytes)?.into_boxed_slice());
    let free = (0..window).map(boxed).collect::<Result<_, _>>()?;
    let handful = match talk.mode {
        // The box is in the answer.
        Mode::RoundTrip => usize::MAX,
        Mode::Stream => window.div_ceil(2),
    };
    let end = |to, from, free| Moved {
        to,
        from,
        free,
        handful,
    };
    Ok([
        end(to_there, from_there, free),
        end(to_here, from_here, Vec::new()),
    ])
}

impl Moved {
    /// A box for a message. Without one, the receiver of a stream has them all, and sends some back before it waits.
    fn free_box(&mut self) -> Result<Box<[u8]>, TalkError> {
        loop {
            if let Some(free) = self.free.pop() {
                return Ok(free);
            }
            match self.from.recv().map_err(|_| TalkError::Gone)? {
                Moving::Back(free) => self.free = free,
                Moving::Message(found, _) => {
                    let expected = found + 1;
                    return Err(TalkError::Order { expected, found });
                }
            }
        }
    }

    fn give_back(&mut self) -> Result<(), TalkError> {
        if self.free.len() >= self.handful {
            let free = std::mem::take(&mut self.free);
            let back = self.to.send(Moving::Back(free));
            back.map_err(|_| TalkError::Gone)?;
        }
        Ok(())
    }
}

impl End for Moved {
    fn send(&mut self, next: Next, content: &Content) -> Result<(), TalkError> {
        let mut payload = match next.bytes {
            // A word, which needs no box.
            0 => Box::default(),
            _ => self.free_box()?,
        };
        content.write(&mut payload, next.number);
        let message = Moving::Message(next.number, payload);
        self.to.send(message).map_err(|_| TalkError::Gone)
    }

    fn receive(&mut self, next: Next, content: &mut Content) -> Result<(), TalkError> {
        loop {
            match self.from.recv().map_err(|_| TalkError::Gone)? {
                Moving::Back(free) => self.free.extend(free),
                Moving::Message(number, payload) => {
                    content.take(next, number, &payload)?;
                    if next.bytes > 0 {
                        self.free.push(payload);
                        self.give_back()?;
                    }
                    return Ok(());
                }
            }
        }
    }
}
