//! The memory of a tree of processes, held against a program whose memory is known by construction.
#![cfg(all(target_os = "linux", feature = "measure"))]

use std::fs;
use std::path::Path;
use std::process::Command;

use harness::measure::runner::{Entrant, Limit, Reply, Start, memory};
use harness::measure::samples::ContestantPlan;
use harness::record::Model;

const MIB: u64 = 1 << 20;
const PRIVATE_EACH: u64 = 48 * MIB;
const SHARED: u64 = 64 * MIB;

/// Two processes of which each has so much for itself, and something that both see; that first, for it is
/// shared only when both have touched it, and the peak may be seen just before. In C, because Rust
/// maps memory only by `unsafe`, which tests do without.
const PROGRAM: &str = r"
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

int main(int count, char **values) {
    size_t each = strtoul(values[1], 0, 10), shared = strtoul(values[2], 0, 10);
    char *both = mmap(0, shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (both == MAP_FAILED) return 1;
    pid_t child = fork();
    if (child < 0) return 1;
    volatile char *own = malloc(each);
    if (!own) return 1;
    for (size_t at = 0; at < shared; at += 512) ((volatile char *)both)[at] = 1;
    for (size_t at = 0; at < each; at += 512) own[at] = 1;
    sleep(1);
    if (child == 0) return own[0] - 1;
    int status;
    return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
}
";

fn near(found: u64, expected: u64) -> bool {
    found.abs_diff(expected) * 20 <= expected
}

#[test]
fn private_and_shared_memory_of_two_processes_is_seen_to_5_percent() {
    let folder = tempfile::tempdir().unwrap();
    let source = folder.path().join("known.c");
    let program = folder.path().join("known");
    fs::write(&source, PROGRAM).unwrap();
    let Ok(built) = Command::new("cc")
        .arg(&source)
        .arg("-o")
        .arg(&program)
        .status()
    else {
        eprintln!("skipped: no C compiler");
        return;
    };
    assert!(built.success());
    let entrant = Entrant {
        scenario: "s".to_owned(),
        case: "c".to_owned(),
        failing: false,
        plan: ContestantPlan {
            name: "known".to_owned(),
            model: Model::Command,
            workers: 2,
            command: None,
            own_checksum: false,
        },
        start: Start {
            program,
            args: [PRIVATE_EACH, SHARED]
                .map(|bytes| bytes.to_string().into())
                .into(),
        },
        may_decline: false,
        reply: Reply::Nothing,
    };
    let seen = memory(&entrant, 0, Path::new("/"), Limit::default())
        .unwrap()
        .unwrap();
    assert!(near(seen.private_bytes, 2 * PRIVATE_EACH), "{seen:?}");
    assert!(near(seen.shared_bytes, SHARED), "{seen:?}");
    assert!(
        near(seen.peak_pss_bytes, 2 * PRIVATE_EACH + SHARED),
        "{seen:?}"
    );
    assert!(
        near(seen.peak_rss_sum_bytes, 2 * (PRIVATE_EACH + SHARED)),
        "{seen:?}"
    );
    assert_eq!(seen.processes, 2);
    assert!(
        seen.ran_ns > Some(0) && seen.delayed_ns.is_some(),
        "{seen:?}"
    );
}
