//! What can be seen of a pool: events, progress, figures, traces, texts.

mod events;
mod figures;
mod log;
mod progress;
mod texts;
mod traces;

use libtest_mimic::Trial;

pub(crate) fn tests() -> Vec<Trial> {
    let all = [
        events::tests(),
        progress::tests(),
        figures::tests(),
        traces::tests(),
        texts::tests(),
    ];
    all.into_iter().flatten().collect()
}
