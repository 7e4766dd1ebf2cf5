//! What the pages say: windows into one long text, so that a page of any size costs no memory and no work.

use hyper::body::Bytes;
use rand_pcg::Pcg64Mcg;
use rand_pcg::rand_core::{Rng, SeedableRng};

/// After so many bytes the text begins anew. A power of two: see [`Text::start`].
const LENGTH: u64 = 1 << 20;

/// So much of its beginning stands at its end once more, so that every piece is one slice.
pub(crate) const PIECE: usize = 64 << 10;

/// Pages that all begin differently.
pub(crate) const MOST_PAGES: u64 = LENGTH;

const WORDS: &str = "the of and to in a is that it was for on are with as be at by this had not but from or have \
    an they which one you were all her she there would their we him been has when who will no more if out so up \
    said what its about than into them can only other time new some could these two may first then do any like my \
    now over such our man me even most made after also did many off before must well back through years where much \
    your way down should because long each just state those people too mister how little good world make very year \
    still see work life while men being between public system number program point house course thread process \
    worker page answer server waiting calculating article question measure machine memory";

/// The text of one seed.
pub(crate) struct Text(Bytes);

impl Text {
    pub(crate) fn new(seed: u64) -> Self {
        let words: Vec<_> = WORDS.split_whitespace().collect();
        let mut random = Pcg64Mcg::seed_from_u64(seed);
        let mut text = Vec::with_capacity(LENGTH as usize + PIECE);
        while text.len() < LENGTH as usize {
            sentence(&mut text, &words, &mut random);
        }
        text.truncate(LENGTH as usize);
        text.extend_from_within(..PIECE);
        Self(text.into())
    }

    /// Where page `number` begins. An odd factor reaches every place once before it comes back to one.
    pub(crate) fn start(number: u64) -> u64 {
        number.wrapping_mul(0x9_e379) % LENGTH
    }

    /// The text from `at` on, at most `most` bytes and at most a [`PIECE`] of it. Nothing is copied.
    pub(crate) fn piece(&self, at: u64, most: u64) -> Bytes {
        let begin = (at % LENGTH) as usize;
        self.0.slice(begin..begin + most.min(PIECE as u64) as usize)
    }
}

fn sentence(text: &mut Vec<u8>, words: &[&str], random: &mut Pcg64Mcg) {
    let begin = text.len();
    for _ in 0..6 + random.next_u32() % 12 {
        // The lesser of two: frequent words come first, as in a language.
        let pick = || random.next_u32() as usize % words.len();
        let word = std::iter::repeat_with(pick).take(2).min().unwrap_or(0);
        text.extend_from_slice(words[word].as_bytes());
        text.push(b' ');
    }
    text[begin].make_ascii_uppercase();
    text.pop();
    let end: &[u8] = if random.next_u32().is_multiple_of(5) {
        b".\n"
    } else {
        b". "
    };
    text.extend_from_slice(end);
}
