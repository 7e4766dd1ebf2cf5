//! Systems that are no Unix.

pub(crate) use super::elsewhere::*;
