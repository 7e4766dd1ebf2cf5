//! Samples made by hand, and what must be found in them and said of them.

mod diff;
mod figures;
mod findings;
mod fixture;
mod html;
mod machine;
mod overview;
mod pages;
mod splicing;
mod traces;
mod verdicts;
