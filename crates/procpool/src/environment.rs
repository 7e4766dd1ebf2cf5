//! Removes what makes a process a worker, so that the programs it starts are none.
#![allow(
    unsafe_code,
    reason = "since edition 2024, changing the environment is unsafe"
)]

use std::env;

use crate::sys;

/// Removes environment variables; only while no other thread can be reading them.
pub(crate) fn remove(names: &[&str]) -> Result<(), String> {
    if sys::single_threaded() == Some(false) {
        return Err(
            "other threads are running already: call procpool::serve first in main".to_owned(),
        );
    }
    for name in names {
        // SAFETY: the process has one thread, as was just checked; where the system does not tell,
        // it is what `serve` asks for in its documentation.
        unsafe { env::remove_var(name) };
    }
    Ok(())
}
