//! A panic costs one picture, in every model.
//!
//! procpool would catch it too, and rayon would not: it hands a panic on to whoever waits for all tasks. So
//! it is caught here, where the picture is known, and is an error like others.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::error::ResizeError;

thread_local! {
    static WATCHED: Cell<bool> = const { Cell::new(false) };
    static PLACE: RefCell<Option<String>> = const { RefCell::new(None) };
}

/// Does `work`; an error if it panics. What it used must not be used any more then: it may be half done.
pub(crate) fn caught<T>(work: impl FnOnce() -> T) -> Result<T, ResizeError> {
    remember_places();
    WATCHED.set(true);
    let done = panic::catch_unwind(AssertUnwindSafe(work));
    WATCHED.set(false);
    done.map_err(|payload| ResizeError::Panicked {
        message: message(payload.as_ref()),
        place: PLACE.take().unwrap_or_default(),
    })
}

/// Only a hook is told where a panic was. The usual one also prints it, which here would be a second message
/// for one picture.
fn remember_places() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if WATCHED.try_with(Cell::get).unwrap_or(false) {
                let place = info.location().map(ToString::to_string);
                // A thread that is ending has no picture.
                let _ = PLACE.try_with(|last| last.replace(place));
            } else {
                usual(info);
            }
        }));
    });
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(ToString::to_string);
    let text = text.or_else(|| payload.downcast_ref::<String>().cloned());
    text.unwrap_or_else(|| "(no message)".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error_with_its_message_and_place() {
        let error = caught(|| panic!("number {}", 7)).unwrap_err();
        let text = error.to_string();
        assert!(text.starts_with("panicked at "), "{text}");
        assert!(text.contains("caught.rs:"), "{text}");
        assert!(text.ends_with(": number 7"), "{text}");
        assert_eq!(caught(|| 7), Ok(7));
    }
}
