//! Two mappings of one region, as two processes have them.

use std::num::NonZeroU32;
use std::sync::atomic::Ordering::Relaxed;
use std::thread;

use super::*;

fn plan() -> Plan {
    Plan {
        mechanisms: Vec::new(),
        workers: NonZeroU32::MIN,
        increments: None,
        rounds: 0,
        cores: Vec::new(),
        memory_in: None,
    }
}

#[test]
fn what_is_written_through_one_mapping_is_read_through_the_other() {
    let (ours, file) = Region::make(&plan()).unwrap();
    let theirs = Region::open(file.path()).unwrap();
    assert_ne!(&raw const *ours.shared(), &raw const *theirs.shared());
    ours.shared().memory.count.0.store(7, Relaxed);
    assert_eq!(theirs.shared().memory.count.0.load(Relaxed), 7);
}

#[test]
fn a_lock_taken_through_one_mapping_is_waited_for_through_the_other() {
    let (ours, file) = Region::make(&plan()).unwrap();
    let theirs = Region::open(file.path()).unwrap();
    let count = |region: &Region| {
        let shared = region.shared();
        for _ in 0..10_000 {
            let _locked = shared.robust.lock().unwrap().or_recovered(|| ()).unwrap();
            let count = &shared.memory.count.0;
            count.store(count.load(Relaxed) + 1, Relaxed);
        }
    };
    thread::scope(|scope| {
        scope.spawn(|| count(&ours));
        count(&theirs);
    });
    assert_eq!(ours.shared().memory.count.0.load(Relaxed), 20_000);
}

/// To the mutex, a thread that ends with the lock is a holder that died.
#[test]
#[cfg(not(target_vendor = "apple"))]
fn the_lock_of_a_dead_holder_is_told_of_once_it_is_recovered() {
    let (region, _file) = Region::make(&plan()).unwrap();
    let mutex = &region.shared().robust;
    let die = || {
        thread::scope(|scope| {
            scope
                .spawn(|| std::mem::forget(mutex.lock().unwrap()))
                .join()
        })
    };
    die().unwrap();
    let mut told = 0;
    for _ in 0..2 {
        drop(mutex.lock().unwrap().or_recovered(|| told += 1).unwrap());
    }
    assert_eq!(told, 1);
    die().unwrap();
    drop(mutex.lock().unwrap());
    let error = mutex.lock().map(drop).unwrap_err();
    assert_eq!(error.raw_os_error(), Some(libc::ENOTRECOVERABLE));
}

#[test]
fn memory_of_another_size_is_refused() {
    let dir = std::env::temp_dir();
    let file = SharedFile::make(100, Some(&dir)).unwrap();
    let error = Region::open(file.path()).map(drop).unwrap_err();
    assert!(
        error.to_string().contains("100 bytes instead of"),
        "{error}"
    );
}
