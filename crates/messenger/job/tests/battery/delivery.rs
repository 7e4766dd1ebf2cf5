//! Whether messages come: all of them, whole, and in order.

use messenger::{Content, Next};

use super::*;

/// Nothing; less than a word; words with a rest; around a page; more than a pipe and a socket have room for.
const PAYLOADS: [usize; 9] = [0, 1, 7, 100, 4095, 4097, 70_000, 300_000, 3_000_001];

/// How many messages a run has, the first ones included.
const ALL: u64 = 23;
const TIMED: u64 = 21;

/// What a worker has seen to which messages of these payloads came.
fn seen(payloads: impl IntoIterator<Item = usize>) -> (u64, u64) {
    let mut content = Content::new(false);
    for (number, bytes) in (0..).zip(payloads) {
        let mut payload = vec![0; bytes];
        content.write(&mut payload, number);
        let next = Next { number, bytes };
        content.take(next, number, &payload).unwrap();
    }
    content.seen()
}

/// The outcome that a run with one way, one payload and one mode must have: messages, bytes, checksum.
fn expected(mode: &str, bytes: usize) -> (u64, u64, String) {
    let answerer = seen(vec![bytes; ALL as usize]);
    let (asker, with_payload) = match mode {
        "round-trip" => (answerer, 2 * ALL),
        _ => (seen([0, 0]), ALL),
    };
    let checksum = asker.1.rotate_left(1) ^ answerer.1;
    let messages = asker.0 + answerer.0;
    (
        messages,
        with_payload * bytes as u64,
        format!("{checksum:016x}"),
    )
}

/// Every byte is checked in the program; what it counts, and the checksum over order and length, here.
#[test]
fn every_message_comes_whole_and_in_order_by_every_way() {
    let timed = TIMED.to_string();
    for mode in ["round-trip", "stream"] {
        for bytes in PAYLOADS {
            for way in ways() {
                let size = bytes.to_string();
                let record = record(&[
                    "--verify",
                    "--blocks",
                    "1",
                    "--messages",
                    &timed,
                    "--mode",
                    mode,
                    "--payload",
                    &size,
                    "--way",
                    way,
                ]);
                let found = record.run.outcome;
                assert_eq!(found.failed, 0);
                assert_eq!(
                    (found.items, found.bytes, found.checksum),
                    expected(mode, bytes),
                    "{way} {mode} {bytes}"
                );
            }
        }
    }
}

/// 70 times what a socket has room for. Larger ones would need more memory than a test may take.
#[test]
fn messages_of_16_mib_come_through_in_both_modes() {
    let record = record(&["--payload", "16MiB", "--messages", "1", "--blocks", "1"]);
    assert_eq!(record.cells.len(), ways().len());
    for cell in &record.cells {
        assert_eq!((cell.round_trip_ns.len(), cell.message_ns.len()), (1, 1));
        assert!(
            cell.round_trip_ns[0] > 0.0 && cell.message_ns[0] > 0.0,
            "{cell:?}"
        );
    }
}

/// Both on one core: whoever looks again and again must let the other one have it.
#[test]
fn it_goes_on_with_one_core_for_both() {
    if !cfg!(target_os = "linux") {
        return;
    }
    for place in ["same", "free"] {
        let mut command = Command::new("taskset");
        command.args(["-c", &first_core(), PROGRAM, "--quiet", "--place", place]);
        command.args([
            "--messages",
            "50",
            "--payload",
            "0B,100KiB",
            "--blocks",
            "1",
        ]);
        if Command::new("taskset").arg("--version").output().is_err() {
            eprintln!("skipped: no taskset");
            return;
        }
        let output = ended(&mut command);
        assert_eq!(output.status.code(), Some(0), "{output:?}");
    }
}

/// The first core that this test may use.
pub(super) fn first_core() -> String {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let list = status
        .lines()
        .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
    let first = list.unwrap_or("0").trim().split([',', '-']).next();
    first.unwrap_or("0").to_owned()
}

#[test]
fn the_outcome_depends_neither_on_the_order_nor_on_the_place() {
    let outcome = |more: &[&str]| {
        let args = ["--messages", "20", "--payload", "1B,5KiB", "--blocks", "2"];
        record(&[&args, more].concat()).run.outcome
    };
    let one = outcome(&[]);
    assert_eq!(outcome(&["--seed", "77"]), one);
    if cfg!(target_os = "linux") {
        assert_eq!(outcome(&["--place", "same"]), one);
    }
    assert_ne!(outcome(&["--messages", "19"]).checksum, one.checksum);
}
