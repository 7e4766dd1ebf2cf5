//! The consumer's side: iterators that feed the pool while they wait for results, and single tasks.

mod feed;
mod map;
mod pending;
mod task;
mod unordered;

pub use map::Map;
pub use task::Handle;
pub use unordered::MapUnordered;
