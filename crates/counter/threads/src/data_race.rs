//! What safe Rust refuses, and what it takes instead. There is no code here, only programs that do not compile, each
//! beside its nearest neighbour that does. `cargo test` tries all of them.
//!
//! A *data race* is two threads at the same plain memory at the same time, one of them writing: it has no meaning, the
//! compiler may do anything. A *race* is a program whose result depends on who comes first: that compiles, and
//! [`lost-update`](counter::mechanisms::lost_update) is one. Rust excludes the former, and leaves the latter to you.
//!
//! # Two threads, one variable
//!
//! Both would need to have it exclusively:
//!
//! ```compile_fail,E0499
//! let mut count = 0;
//! std::thread::scope(|scope| {
//!     scope.spawn(|| count += 1);
//!     scope.spawn(|| count += 1);
//! });
//! ```
//!
//! An atomic integer is changed through a shared reference:
//!
//! ```
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! let count = AtomicU64::new(0);
//! std::thread::scope(|scope| {
//!     scope.spawn(|| count.fetch_add(1, Relaxed));
//!     scope.spawn(|| count.fetch_add(1, Relaxed));
//! });
//! assert_eq!(count.into_inner(), 2);
//! ```
//!
//! # A shared reference that allows changes
//!
//! `Cell` does, but only within one thread; it is not `Sync`:
//!
//! ```compile_fail,E0277
//! use std::cell::Cell;
//!
//! let count = Cell::new(0);
//! std::thread::scope(|scope| {
//!     scope.spawn(|| count.set(count.get() + 1));
//! });
//! ```
//!
//! A mutex makes it so:
//!
//! ```
//! use std::sync::Mutex;
//!
//! let count = Mutex::new(0);
//! std::thread::scope(|scope| {
//!     scope.spawn(|| *count.lock().unwrap() += 1);
//!     scope.spawn(|| *count.lock().unwrap() += 1);
//! });
//! assert_eq!(count.into_inner().unwrap(), 2);
//! ```
//!
//! # A variable of the whole program
//!
//! The classic of C. It needs `unsafe`, which says: I have made sure that nobody else is at it. Here nobody has:
//!
//! ```compile_fail,E0133
//! static mut COUNT: u64 = 0;
//!
//! std::thread::spawn(|| COUNT += 1).join().unwrap();
//! ```
//!
//! ```
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! static COUNT: AtomicU64 = AtomicU64::new(0);
//!
//! std::thread::spawn(|| COUNT.fetch_add(1, Relaxed)).join().unwrap();
//! assert_eq!(COUNT.load(Relaxed), 1);
//! ```
//!
//! # A thread that may outlive the variable
//!
//! `spawn` does not say when the thread ends, so it must not borrow; `scope` does (see above), or they share ownership:
//!
//! ```compile_fail,E0373
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! let count = AtomicU64::new(0);
//! std::thread::spawn(|| count.fetch_add(1, Relaxed));
//! ```
//!
//! ```
//! use std::sync::Arc;
//! use std::sync::atomic::{AtomicU64, Ordering::Relaxed};
//!
//! let count = Arc::new(AtomicU64::new(0));
//! let shared = Arc::clone(&count);
//! std::thread::spawn(move || shared.fetch_add(1, Relaxed)).join().unwrap();
//! assert_eq!(count.load(Relaxed), 1);
//! ```
