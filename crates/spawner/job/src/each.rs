//! What each of some workers takes of the memory.

use harness::measure::memory::{TreeMemory, kernel_stacks, of_tree};
use serde::{Deserialize, Serialize};

use crate::figure::Figure;

/// What a worker takes, in bytes: what all take together, over their number.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Each {
    /// Memory in use, what is shared divided among those who share it.
    pub pss_bytes: Figure,
    /// Page tables, which the system keeps for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page_tables_bytes: Option<Figure>,
    /// Its stack within the system. From a figure of the whole machine, so others who start something disturb it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kernel_stack_bytes: Option<Figure>,
}

impl Each {
    /// The medians of several looks; none without a look.
    pub(crate) fn of(taken: &[Taken]) -> Option<Self> {
        let told = |figure: fn(&Taken) -> Option<u64>| {
            let told: Option<Vec<u64>> = taken.iter().map(figure).collect();
            told.map(Figure::of)
        };
        (!taken.is_empty()).then(|| Self {
            pss_bytes: Figure::of(taken.iter().map(|one| one.pss)),
            page_tables_bytes: told(|one| one.page_tables),
            kernel_stack_bytes: told(|one| one.kernel_stack),
        })
    }
}

/// What one look has seen of it, in bytes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Taken {
    pss: u64,
    page_tables: Option<u64>,
    kernel_stack: Option<u64>,
}

/// What is in use at one moment.
pub(crate) struct Look {
    tree: Option<TreeMemory>,
    kernel_stacks: Option<u64>,
}

impl Look {
    pub(crate) fn now() -> Self {
        Self {
            kernel_stacks: kernel_stacks(),
            tree: of_tree(std::process::id()),
        }
    }

    /// What has been added since `before`, for each of `workers`.
    pub(crate) fn each(&self, before: &Self, workers: u32) -> Option<Taken> {
        let added = |now: u64, then: u64| now.saturating_sub(then) / u64::from(workers);
        let both = |pair: Option<(u64, u64)>| pair.map(|(now, then)| added(now, then));
        let (now, then) = self.tree.zip(before.tree)?;
        Some(Taken {
            pss: added(now.pss_bytes, then.pss_bytes),
            page_tables: both(now.page_tables_bytes.zip(then.page_tables_bytes)),
            kernel_stack: both(self.kernel_stacks.zip(before.kernel_stacks)),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_one_look_was_not_told_is_not_told_at_all() {
        let taken = |pss, page_tables| Taken {
            pss,
            page_tables,
            kernel_stack: Some(16),
        };
        let each = Each::of(&[taken(1, Some(5)), taken(3, None), taken(2, Some(7))]).unwrap();
        assert_eq!(each.pss_bytes, Figure::of([1, 2, 3]));
        assert_eq!(each.page_tables_bytes, None);
        assert_eq!(each.kernel_stack_bytes, Some(Figure::of([16; 3])));
        assert_eq!(Each::of(&[]), None);
    }
}
