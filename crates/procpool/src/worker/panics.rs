//! What a panic leaves behind for the error.

use std::any::Any;
use std::backtrace::Backtrace;
use std::cell::RefCell;
use std::panic;

thread_local! {
    static LAST: RefCell<(Option<String>, Option<String>)> = const { RefCell::new((None, None)) };
}

/// A caught panic has a message, and neither location nor backtrace; only the hook sees them.
pub(super) fn remember(backtraces: bool) {
    let usual = panic::take_hook();
    panic::set_hook(Box::new(move |info| {
        let location = info.location().map(ToString::to_string);
        // Names are looked up here: addresses mean nothing in another process.
        let backtrace = backtraces.then(|| shortened(&Backtrace::force_capture().to_string()));
        let _ = LAST.try_with(|last| last.replace((location, backtrace)));
        usual(info);
    }));
}

/// Message, location and backtrace of the panic that was just caught.
pub(super) fn of(payload: &(dyn Any + Send)) -> (String, Option<String>, Option<String>) {
    let (location, backtrace) = LAST.take();
    (message(payload), location, backtrace)
}

pub(super) fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "(no message)".to_owned())
}

/// The frames between the panic and the pool: those of the job.
fn shortened(backtrace: &str) -> String {
    let mut frames: Vec<Vec<&str>> = Vec::new();
    for line in backtrace.lines() {
        match frames.last_mut() {
            Some(frame) if line.trim_start().starts_with("at ") => frame.push(line),
            _ => frames.push(vec![line]),
        }
    }
    let named = |frame: &[&str], names: &[&str]| names.iter().any(|name| frame[0].contains(name));
    let machinery = [
        "core::panicking::",
        "rust_begin_unwind",
        "std::panicking::begin_panic",
        "std::panic::panic_any",
        "std::panic::resume_unwind",
    ];
    let first = frames.iter().rposition(|frame| named(frame, &machinery));
    let first = first.map_or(0, |at| at + 1);
    let pool = [
        "procpool::worker::",
        "__rust_try",
        "std::panic::catch_unwind",
    ];
    let last = frames[first..].iter().position(|frame| named(frame, &pool));
    let last = last.map_or(frames.len(), |at| first + at);
    frames[first..last].concat().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_backtrace_is_cut_to_the_frames_of_the_job() {
        let whole = "   0: procpool::worker::panics::remember::{{closure}}
             at ./src/worker/panics.rs:18:46
   1: std::panicking::panic_with_hook
   2: __rustc::rust_begin_unwind
   3: core::panicking::panic_fmt
             at /rustc/core/src/panicking.rs:80:14
   4: program::halve
             at ./src/main.rs:7:9
   5: <program::Job as procpool::job::Job>::run
   6: procpool::worker::run::run_task::{{closure}}
   7: main";
        let cut = "   4: program::halve
             at ./src/main.rs:7:9
   5: <program::Job as procpool::job::Job>::run";
        assert_eq!(shortened(whole), cut);
    }

    #[test]
    fn a_backtrace_without_names_stays_whole() {
        assert_eq!(
            shortened("   0: <unknown>\n   1: <unknown>"),
            "   0: <unknown>\n   1: <unknown>"
        );
    }
}
