//! How far one comes, with limits of the system in the way.

use spawner::Limit;

use super::*;

#[test]
fn up_to_the_bound_all_come_and_each_takes_memory() {
    if is_sequential() {
        return;
    }
    let record = record(&["--limit", "--most", "24"]);
    let names: Vec<_> = record
        .limits
        .iter()
        .map(|limit| limit.way.as_str())
        .collect();
    assert_eq!(names, ways());
    for limit in &record.limits {
        assert_eq!((limit.alive, limit.most), (24, 24), "{limit:?}");
        assert_eq!(limit.stopped, None);
        if cfg!(target_os = "linux") && limit.way != "tokio-task" {
            // Less than a page where threads get stacks that others have left.
            let each = limit.each.unwrap();
            assert!(each.pss_bytes.median > 500.0, "{limit:?}");
            assert!(each.pss_bytes.low.is_some(), "{limit:?}");
        }
    }
    // Those that come whole are tried for in steps.
    assert!(record.run.outcome.items >= 24 * ways().len() as u64);
}

/// The way came as far as the system let it, and the cause is told.
#[track_caller]
fn stopped(mut command: Command, way: &str, cause: &str) -> Limit {
    command.args(["--limit", "--most", "1000", "--way", way]);
    let record = recorded(&mut command);
    let limit = record.limits[0].clone();
    assert!((1..1000).contains(&limit.alive), "{limit:?}");
    let told = limit.stopped.as_deref().unwrap_or_default();
    assert!(told.contains(cause), "{limit:?}");
    limit
}

/// The same limit is an error where nobody asked for it.
#[track_caller]
fn refused(mut command: Command, way: &str) {
    command.args(["--workers", "1000", "--samples", "1", "--way", way]);
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{output:?}");
    assert!(output.stdout.is_empty(), "{output:?}");
    for words in [way, "of 1000 workers were started", "gave no more"] {
        assert!(contains(&output.stderr, words), "{words}: {output:?}");
    }
    assert!(!contains(&output.stderr, "panicked"), "{output:?}");
}

#[test]
fn addresses_run_out() {
    if !is("spawner-threads") || !cfg!(target_os = "linux") {
        return;
    }
    for way in ["thread", "scoped-thread", "rayon-pool"] {
        let limit = stopped(under("ulimit -v 600000"), way, "too few addresses");
        // How many it is differs from run to run: the allocator takes 64 MiB of addresses for each of the first.
        assert!(limit.alive > 5, "{limit:?}");
        refused(under("ulimit -v 600000"), way);
    }
}

#[test]
fn files_run_out() {
    if !is("spawner-processes") {
        return;
    }
    let limit = stopped(under("ulimit -n 200"), "procpool", "files");
    assert!(limit.alive > 5, "{limit:?}");
    refused(under("ulimit -n 200"), "procpool");
}

/// The superuser may start as many processes as there is room for, so another user starts them.
fn as_a_user_with_few_processes(most: u32) -> Option<Command> {
    let is_there = |tool: &str| {
        let output = Command::new(tool).arg("--version").output();
        output.is_ok_and(|output| output.status.success())
    };
    let user = ["--reuid=65534", "--regid=65534", "--clear-groups"];
    let may_be = Command::new("setpriv")
        .args(user)
        .arg(PROGRAM)
        .arg("--version")
        .output();
    if !is_there("prlimit") || !may_be.is_ok_and(|output| output.status.success()) {
        println!("skipped: no prlimit, or no setpriv to another user who may start this program");
        return None;
    }
    let mut command = Command::new("setpriv");
    command
        .args(user)
        .args(["prlimit", &format!("--nproc={most}")]);
    command.args([PROGRAM, "--quiet"]).stdin(Stdio::null());
    // Its workers meet there.
    command.env("TMPDIR", "/tmp").current_dir("/");
    Some(command)
}

/// Limits are of the user, whoever's process it is: so the ways come one after another.
#[test]
fn processes_run_out() {
    const MOST: u32 = 40;
    if is_sequential() || !cfg!(target_os = "linux") {
        return;
    }
    let ways = if is("spawner-threads") {
        &["thread", "scoped-thread", "rayon-pool"][..]
    } else {
        &["fork", "spawn"]
    };
    for way in ways {
        let Some(command) = as_a_user_with_few_processes(MOST) else {
            return;
        };
        let limit = stopped(command, way, "os error 11");
        assert!((5..MOST).contains(&limit.alive), "{limit:?}");
        let Some(command) = as_a_user_with_few_processes(MOST) else {
            return;
        };
        refused(command, way);
    }
}
