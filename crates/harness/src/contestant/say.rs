//! Writing to stderr, which somebody may have closed.

/// A line on stderr. Unlike `eprintln!` it does not panic where nobody reads it any more: what a
/// program has to say is not worth losing what it has done.
#[macro_export]
macro_rules! say {
    ($($arg:tt)*) => {{
        use std::io::Write as _;
        // There is nobody left to tell about it.
        let _ = writeln!(std::io::stderr(), $($arg)*);
    }};
}
