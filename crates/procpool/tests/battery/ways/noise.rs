//! Workers that write a lot. In a program of its own: a pool forwards to its program's standard error.

use std::env;
use std::process::{ExitCode, Stdio};

use super::{MIDDLE, Test, WAYS, Way, for_each_way, orders};
use crate::job::{Answer, Order, try_pool};
use crate::process::{in_role, new_mark};

pub(super) const TESTS: &[Test] = for_each_way![megabytes_of_output_hold_nobody_up_and_come_whole];

const WAY: &str = "PROCPOOL_TEST_WAY";
const NOISE: usize = 3 << 20;

/// Runs a noisy pool instead of the tests, if this process was started for that.
pub(crate) fn act_as_noisy_parent() -> Option<ExitCode> {
    let wanted = env::var(WAY).ok()?;
    let (_, way) = WAYS.iter().find(|(name, _)| *name == wanted)?;
    be_noisy(*way);
    Some(ExitCode::SUCCESS)
}

fn be_noisy(way: Way) {
    let pool = try_pool(2, 0).unwrap();
    let noisy = |n| n == MIDDLE || n == MIDDLE + 1;
    let orders = orders(2 * MIDDLE, |n| noisy(n).then_some(Order::Noise(NOISE)));
    for (n, result) in (0..).zip(way.results(&pool, orders)) {
        let right = if noisy(n) {
            Answer::Nothing
        } else {
            Answer::Number(n)
        };
        assert_eq!(result.unwrap(), right);
    }
    assert_eq!(pool.shutdown().unwrap().died, 0);
    println!("all right");
}

fn megabytes_of_output_hold_nobody_up_and_come_whole(way: Way) {
    let (name, _) = WAYS[way as usize];
    let mut command = in_role("", &new_mark("noisy"));
    let command = command.env(WAY, name).stderr(Stdio::piped());
    let output = command.output().unwrap();
    assert_eq!(String::from_utf8_lossy(&output.stdout), "all right\n");
    let lines = output.stderr.split(|&byte| byte == b'\n');
    let whole = |line: &&[u8]| line.len() == 99;
    assert_eq!(lines.filter(whole).count(), 2 * (NOISE / 200) * 2);
}
