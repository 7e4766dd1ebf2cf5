//! The ways to start a worker.

use harness::record::Model;

/// A way to start workers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Way {
    /// A function is called, and nothing is started: what timing itself costs.
    Call,
    /// `std::thread::spawn`, and `join`.
    Thread,
    /// `std::thread::scope`, which may borrow what is around it.
    ScopedThread,
    /// A pool of rayon, made and taken down.
    RayonPool,
    /// A task of a runtime of tokio that is there already.
    TokioTask,
    /// `fork` alone: a copy of this process, which ends with `_exit`.
    Fork,
    /// `posix_spawn` of this program once more, as `std::process::Command` does it.
    Spawn,
    /// A pool of `procpool`, made and taken down.
    Procpool,
}

impl Way {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Call,
        Self::Thread,
        Self::ScopedThread,
        Self::RayonPool,
        Self::TokioTask,
        Self::Fork,
        Self::Spawn,
        Self::Procpool,
    ];

    /// Its name in options, tables and records.
    pub fn name(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Thread => "thread",
            Self::ScopedThread => "scoped-thread",
            Self::RayonPool => "rayon-pool",
            Self::TokioTask => "tokio-task",
            Self::Fork => "fork",
            Self::Spawn => "spawn",
            Self::Procpool => "procpool",
        }
    }

    /// The one of that name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|way| way.name() == name)
    }

    /// The model that it belongs to.
    pub fn model(self) -> Model {
        match self {
            Self::Call => Model::Sequential,
            Self::Thread | Self::ScopedThread | Self::RayonPool | Self::TokioTask => Model::Threads,
            Self::Fork | Self::Spawn | Self::Procpool => Model::Processes,
        }
    }

    /// Those of `model`.
    pub fn of(model: Model) -> Vec<Self> {
        Self::ALL
            .into_iter()
            .filter(|way| way.model() == model)
            .collect()
    }

    /// Whether its workers come all together or not at all.
    pub fn comes_whole(self) -> bool {
        matches!(self, Self::RayonPool | Self::Procpool)
    }

    /// Whether its workers are there already when a task is given to them, and stay.
    pub fn is_pooled(self) -> bool {
        matches!(self, Self::RayonPool | Self::TokioTask | Self::Procpool)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_way_has_a_name_of_its_own_and_belongs_to_one_variant() {
        for way in Way::ALL {
            assert_eq!(Way::named(way.name()), Some(way));
        }
        let models = [Model::Sequential, Model::Threads, Model::Processes];
        assert_eq!(
            models
                .map(|model| Way::of(model).len())
                .iter()
                .sum::<usize>(),
            Way::ALL.len()
        );
        assert_eq!(Way::named("all"), None);
    }
}
