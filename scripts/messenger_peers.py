#!/usr/bin/env python3
"""The messenger's ways beside programs that others have written, or that are as plain as they can be.

    scripts/messenger_peers.py                    everything: about three minutes
    scripts/messenger_peers.py --blocks 6         fewer blocks: rough
    scripts/messenger_peers.py --payload 65536    other messages than of 64 bytes
    scripts/messenger_peers.py --json samples.json

Builds the messenger and scripts/peers/pingpong.c, then runs each pair once a block, in an order shuffled by the seed,
and prints the ratio of each pair with its 95 % interval. Peers are

- pingpong.c: the same hand-over in plain C, by pipes, a pair of sockets, a futex in shared memory, and spinning, between
  processes and between threads, on one core and on two;
- `perf bench sched pipe`, whose messages are 4 bytes, beside our pipe on one core. It tells a mean, so means are compared;
- `perf bench sched messaging`, beside a stream through our pipe: the time of one message. It is another shape (20 senders
  to 20 receivers, each with a pipe, all on one core), so there is no target, but the order of magnitude.

The target is 15 %: `within` if the whole interval is inside, `beyond` if it is outside, `open` if it is on both sides.
The exit status is 1 if a run failed, or one of ours is slower than its peer beyond the target. Needs cargo, cc, taskset;
without perf, or with fewer than two cores, the pairs that need them are left out.
"""

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from statistics import median

import paired

SCRIPT = os.path.abspath(__file__)
ROOT = os.path.dirname(os.path.dirname(SCRIPT))
TIMEOUT = 120  # seconds for one run: one that hangs has failed
TARGET = 1.15
WAYS = {"pipe": "pipe", "socketpair": "socketpair", "futex": "in-place-futex", "spin": "in-place-spin"}
ROUND_TRIPS = {"same": 20_000, "other": 2_000}
PERF_PIPES, PERF_LOOPS, STREAM = 20_000, 200, 80_000


class Failure(Exception):
    """A program, or what it needs, does not do what it should."""


def run(*command):
    """stdout of a program."""
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=TIMEOUT, cwd=ROOT, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired) as error:
        raise Failure(f"{command[0]}: {error}") from error
    if done.returncode != 0:
        raise Failure(f"{' '.join(command)}: status {done.returncode}: {done.stderr.strip()[-300:]}")
    return done.stdout


def build(folder):
    """The folder of our programs, and the path of the one in C."""
    print("building", file=sys.stderr)
    packages = ["-p", "messenger-threads", "-p", "messenger-processes"]
    command = ["cargo", "build", "--quiet", "--release", "--locked", *packages]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise Failure("the messenger is not built")
    metadata = json.loads(run("cargo", "metadata", "--format-version", "1", "--no-deps"))
    peer = os.path.join(folder, "pingpong")
    run("cc", "-O2", "-pthread", "-o", peer, os.path.join(ROOT, "scripts", "peers", "pingpong.c"))
    return os.path.join(metadata["target_directory"], "release"), peer


# --- What one run takes: nanoseconds of a round trip, or of a message.


def ours(options, model, way, place, payload, messages, mode="round-trip"):
    """The record of one talk."""
    program = os.path.join(options.programs, f"messenger-{model}")
    arguments = ["--json", "--quiet", "--blocks", "1", "--way", way, "--place", place, "--payload", str(payload)]
    return json.loads(run(program, *arguments, "--mode", mode, "--messages", str(messages)))


def our_median(options, model, way, place, payload, messages):
    return ours(options, model, WAYS[way], place, payload, messages)["cells"][0]["round_trip_ns"][0]


def our_mean(options, model, payload, messages):
    """Over the whole talk, with those before, which are a tenth more."""
    record = ours(options, model, "pipe", "same", payload, messages)
    asks = next(span for span in record["spans"] if span["worker"] == 0)
    return (asks["end_ns"] - asks["start_ns"]) / (messages + messages // 10)


def our_stream(options, model, payload, messages):
    return ours(options, model, "pipe", "same", payload, messages, "stream")["cells"][0]["message_ns"][0]


def pingpong(options, model, way, place, payload, messages):
    cores = options.cores[:2] if place == "other" else options.cores[:1] * 2
    arguments = [model, way, str(payload), str(messages), *map(str, cores)]
    return json.loads(run(options.peer, *arguments))["median_ns"]


def perf(options, what, *arguments):
    """Seconds of one of perf's benches, on the first core."""
    command = ["taskset", "-c", str(options.cores[0]), "perf", "bench", "-f", "simple", "sched", what]
    return float(run(*command, *arguments).split()[0])


def pairs(options):
    """What is compared: name, ours, the peer's, and whether there is a target."""
    found = []
    for model in ("processes", "threads"):
        for way in WAYS:
            for place in ("same", "other"):
                # Whoever looks again and again must give the core away on one, and how often is a choice.
                if (way, place) == ("spin", "same") or (place == "other" and len(options.cores) < 2):
                    continue
                job = (model, way, place, options.payload, ROUND_TRIPS[place])
                name = f"{model}: {way}, {place} core{'s' if place == 'other' else ''}"
                found.append((name, lambda job=job: our_median(options, *job), lambda job=job: pingpong(options, *job), True))
    if not (shutil.which("perf") and shutil.which("taskset")):
        print("skipped: no perf, or no taskset", file=sys.stderr)
        return found
    for model, more in (("processes", []), ("threads", ["-T"])):
        found.append((
            f"{model}: pipe, same core, beside perf bench sched pipe",
            lambda model=model: our_mean(options, model, 0, PERF_PIPES),
            lambda more=more: perf(options, "pipe", "-l", str(PERF_PIPES), *more) * 1e9 / PERF_PIPES,
            True,
        ))
    for model, more in (("processes", []), ("threads", ["-t"])):
        found.append((
            f"{model}: a stream by pipe, beside perf bench sched messaging",
            lambda model=model: our_stream(options, model, 84, STREAM),
            lambda more=more: perf(options, "messaging", "-p", "-g", "1", "-l", str(PERF_LOOPS), *more) * 1e9 / (400 * PERF_LOOPS),
            False,
        ))
    return found


# --- Blocks, and the table.


def measure(options, compared):
    """Samples by name: (ours, the peer's) in each block. The first block warms up."""
    samples = {name: [] for name, *_ in compared}
    rng = random.Random(options.seed)
    for block in range(options.blocks + 1):
        print(f"block {block} of {options.blocks}" if block else "warm-up", file=sys.stderr)
        for name, one, other, _ in rng.sample(compared, len(compared)):
            # Both right after each other, in either order: what the machine does meanwhile, it does to both.
            first, second = (one, other) if rng.random() < 0.5 else (other, one)
            taken = {first: first(), second: second()}
            if block:
                samples[name].append((taken[one], taken[other]))
    return samples


def verdict(low, high, has_target):
    if not has_target:
        return "no target"
    if 1 / TARGET <= low and high <= TARGET:
        return "within"
    return "beyond" if low > TARGET or high < 1 / TARGET else "open"


def microseconds(ns):
    return f"{ns / 1000:.3g} µs"


def show(options, compared, samples):
    """Prints the table, and says whether one of ours is slower beyond the target."""
    rows, slower = [], False
    for name, _, _, has_target in compared:
        point, low, high = paired.estimate([one / other for one, other in samples[name]])
        word = verdict(low, high, has_target)
        slower = slower or (word == "beyond" and point > 1)
        figures = [microseconds(median(side)) for side in zip(*samples[name])]
        rows.append([name, *figures, f"{point:.3f} ({low:.3f} to {high:.3f})", word])
    head = ["what", "ours", "the peer's", "ours / the peer's (95 % interval)", f"within {TARGET - 1:.0%}"]
    widths = [max(map(len, column)) for column in zip(head, *rows)]
    for row in [head, ["-" * width for width in widths], *rows]:
        print("| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths)) + " |")
    print(f"\nMessages of {options.payload} bytes; {options.blocks} blocks after a warm-up, seed {options.seed}.")
    return slower


def parse():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--blocks", type=int, default=10, metavar="N", help="after the warm-up; 6 at least (10)")
    parser.add_argument("--payload", type=int, default=64, metavar="BYTES", help="of a message (64)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the order (random, and printed)")
    parser.add_argument("--json", metavar="FILE", help="write every pair there, in nanoseconds")
    options = parser.parse_args()
    if options.blocks < 6:
        parser.error("--blocks: an interval takes 6")
    if options.payload < 0:
        parser.error("--payload: a size from 0 on is needed")
    return options


def main():
    options = parse()
    options.cores = sorted(os.sched_getaffinity(0))
    with tempfile.TemporaryDirectory() as folder:
        options.programs, options.peer = build(folder)
        compared = pairs(options)
        samples = measure(options, compared)
    if options.json:
        with open(options.json, "w", encoding="utf-8") as file:
            json.dump({"payload": options.payload, "seed": options.seed, "samples": samples}, file, indent=1)
    return 1 if show(options, compared, samples) else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
