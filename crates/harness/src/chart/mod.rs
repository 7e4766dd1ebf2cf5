//! Charts as SVG. Pure: the same figures give the same bytes, and nothing but figures goes in.
//!
//! [`ratio`]: which is faster, how sure; [`wall`]: how long, with every run; [`scaling`]: how it
//! scales; [`cpu`]: where the time went; [`timeline`]: what each worker did; [`memory`]: how much of it;
//! [`marks`]: several contestants over many things; [`curves`]: what something costs over its size.
//! A chart carries its finding as title, says `n` and the level of its intervals, and names everything
//! where it is drawn. Models have one colour and one shape everywhere: see [`Look`].
//!
//! The SVG is written here, as elements of a [`maud`] template, which escapes all text. Tried before:
//! plotters 0.3.7 with its SVG backend. It cannot give what these charts need:
//!
//! - it places everything on whole pixels, so that an interval of 1.02 to 1.05 on an axis from 0.5 to 8
//!   is a line of 5 pixels beside a dot that is half a pixel off;
//! - colours are attributes of each element, without classes or a style sheet, so that no chart could
//!   follow a reader's light or dark scheme;
//! - there is no place for a title and a description, for groups, or for a name on a mark;
//! - its logarithmic axis had one label, "1.0", from 0.5 to 8, and its rows are places on a number line
//!   to which a text must be fitted by hand, with the width of its letters unknown in both cases.
//!
//! What would be left of it is the formatting of `<line>` and `<text>`.

mod axis;
mod cpu;
mod curves;
mod frame;
mod look;
mod mark;
mod marks;
mod memory;
mod names;
mod ratio;
mod rows;
mod scale;
mod scaling;
mod stack;
mod text;
mod timeline;
mod wall;

pub use cpu::{CpuRow, cpu};
pub use curves::{Axis, Cost, CostCurve, Cross, Unit, curves};
pub use frame::{Chart, Head, STYLE, Size};
pub use look::Look;
pub use marks::{MarksRow, Quantity, marks};
pub use memory::{MemoryRow, memory};
pub use ratio::{RatioRow, ratio};
pub use scaling::{Curve, Point, scaling};
pub use timeline::{Lanes, timeline};
pub use wall::{WallRow, wall};

#[cfg(test)]
mod tests;
