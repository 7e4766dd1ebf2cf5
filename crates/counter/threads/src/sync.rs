//! Where the mechanisms take their locks from. A test compiles their files once more with a module of this name that
//! gives loom's.

pub(crate) use std::sync::{Mutex, PoisonError, RwLock, mpsc};
