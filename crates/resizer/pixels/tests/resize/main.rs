//! From bytes to bytes: what comes out is right, what is bad is refused, and nothing takes more memory than allowed.

mod bad;
mod colours;
mod jpeg;
mod material;
mod mutated;
mod others;
mod profiles;
mod reference;
mod sheet;
