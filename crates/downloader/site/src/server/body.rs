//! Bodies of answers: made ahead, a window into the text, or repeated; all at once or at a rate.

use std::convert::Infallible;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::time::{Instant, Sleep};

use super::statistics::InFlight;
use super::text::Text;

/// Where the bytes come from.
pub(crate) enum Source {
    /// Made ahead. Empty when it is used up.
    Whole(Bytes),
    /// A window into the text.
    Window { text: Arc<Text>, at: u64, left: u64 },
    /// `block` so many times between a beginning and an end.
    Repeated {
        head: Bytes,
        block: Bytes,
        times: u64,
        tail: Bytes,
    },
}

impl Source {
    pub(crate) fn empty() -> Self {
        Self::Whole(Bytes::new())
    }

    pub(crate) fn left(&self) -> u64 {
        match self {
            Self::Whole(bytes) => bytes.len() as u64,
            Self::Window { left, .. } => *left,
            Self::Repeated {
                head,
                block,
                times,
                tail,
            } => (head.len() + tail.len()) as u64 + block.len() as u64 * times,
        }
    }

    /// Only the bytes from `first` on, `count` of them. A repeated source is never asked in part.
    pub(crate) fn part(self, first: u64, count: u64) -> Self {
        match self {
            Self::Whole(bytes) => {
                Self::Whole(bytes.slice(first as usize..(first + count) as usize))
            }
            Self::Window { text, at, .. } => Self::Window {
                text,
                at: at + first,
                left: count,
            },
            repeated @ Self::Repeated { .. } => repeated,
        }
    }

    /// All of it, made.
    pub(crate) fn collect(mut self) -> Vec<u8> {
        let mut all = Vec::new();
        while self.left() > 0 {
            all.extend_from_slice(&self.next(u64::MAX));
        }
        all
    }

    /// The next bytes, at most `most`; none when there are no more.
    pub(crate) fn next(&mut self, most: u64) -> Bytes {
        match self {
            Self::Whole(bytes) => take(bytes, most),
            Self::Window { text, at, left } => {
                let piece = text.piece(*at, most.min(*left));
                *at += piece.len() as u64;
                *left -= piece.len() as u64;
                piece
            }
            Self::Repeated {
                head,
                block,
                times,
                tail,
            } => {
                if head.is_empty() && *times > 0 {
                    *times -= 1;
                    *head = block.clone();
                }
                if head.is_empty() {
                    return take(tail, most);
                }
                take(head, most)
            }
        }
    }
}

fn take(bytes: &mut Bytes, most: u64) -> Bytes {
    bytes.split_to(bytes.len().min(usize::try_from(most).unwrap_or(usize::MAX)))
}

/// The body of an answer, which counts as in flight until it is sent or dropped.
pub(crate) struct AnswerBody {
    source: Source,
    pace: Option<Pace>,
    /// Counts while it lives.
    _in_flight: Option<InFlight>,
}

impl AnswerBody {
    pub(crate) fn new(source: Source, rate: Option<u64>, in_flight: Option<InFlight>) -> Self {
        Self {
            source,
            pace: rate.map(Pace::new),
            _in_flight: in_flight,
        }
    }
}

impl Body for AnswerBody {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        let this = &mut *self;
        let left = this.source.left();
        if left == 0 {
            return Poll::Ready(None);
        }
        let most = match &mut this.pace {
            None => u64::MAX,
            Some(pace) => ready!(pace.poll(left, context)),
        };
        Poll::Ready(Some(Ok(Frame::data(this.source.next(most)))))
    }

    fn is_end_stream(&self) -> bool {
        self.source.left() == 0
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(self.source.left())
    }
}

/// Lets bytes through at a rate.
struct Pace {
    rate: u64,
    started: Option<Instant>,
    /// Let through, with the piece that is waited for.
    through: u64,
    /// The piece that is waited for, and until when.
    waiting: Option<(u64, Pin<Box<Sleep>>)>,
}

impl Pace {
    fn new(rate: u64) -> Self {
        Self {
            rate,
            started: None,
            through: 0,
            waiting: None,
        }
    }

    /// How many of the bytes `left` may go next, when their time has come.
    fn poll(&mut self, left: u64, context: &mut Context<'_>) -> Poll<u64> {
        let Self { rate, through, .. } = *self;
        let started = *self.started.get_or_insert_with(Instant::now);
        let (piece, sleep) = self.waiting.get_or_insert_with(|| {
            // A hundred pieces a second look like a stream to any client.
            let piece = (rate / 100).clamp(1, super::text::PIECE as u64).min(left);
            let due = Duration::from_secs_f64((through + piece) as f64 / rate as f64);
            (piece, Box::pin(tokio::time::sleep_until(started + due)))
        });
        ready!(sleep.as_mut().poll(context));
        let piece = *piece;
        self.through += piece;
        self.waiting = None;
        Poll::Ready(piece)
    }
}
