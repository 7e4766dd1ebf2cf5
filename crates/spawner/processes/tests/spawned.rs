//! What a spawned worker says.
#![cfg(unix)]

use std::os::fd::OwnedFd;
use std::os::unix::net::UnixDatagram;
use std::process::Command;

use spawner::work::work;

/// Several workers speak into one pipe, so each must say its eight bytes by one call: also where one of them is a line
/// feed, at which a writer by lines would stop. A datagram is what was said by one call.
#[test]
fn a_number_with_a_line_feed_in_it_is_said_at_once() {
    let is_parted = |rounds: &u64| {
        let place = work(*rounds)
            .to_ne_bytes()
            .iter()
            .position(|byte| *byte == b'\n');
        place.is_some_and(|place| place < 7)
    };
    let rounds = (1..100_000).find(is_parted).unwrap();
    let (here, there) = UnixDatagram::pair().unwrap();
    let status = Command::new(env!("CARGO_BIN_EXE_spawner-processes"))
        .args(["(spawner worker)", &rounds.to_string()])
        .stdout(OwnedFd::from(there))
        .status()
        .unwrap();
    assert!(status.success());
    let mut said = [0; 64];
    let length = here.recv(&mut said).unwrap();
    assert_eq!(said[..length], work(rounds).to_ne_bytes());
}
