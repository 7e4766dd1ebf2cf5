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
import shutil
import sys

import beside_peers
from beside_peers import run

WAYS = {"pipe": "pipe", "socketpair": "socketpair", "futex": "in-place-futex", "spin": "in-place-spin"}
ROUND_TRIPS = {"same": 20_000, "other": 2_000}
PERF_PIPES, PERF_LOOPS, STREAM = 20_000, 200, 80_000


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
    """What is compared, as `beside_peers.measure` wants it."""
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


def compare(options, folder):
    options.cores = sorted(os.sched_getaffinity(0))
    packages = ["messenger-threads", "messenger-processes"]
    options.programs, options.peer = beside_peers.build(packages, "peers/pingpong.c", folder)
    return pairs(options)


def size(text):
    """Of a message, in bytes."""
    if (number := int(text)) < 0:
        raise ValueError(text)
    return number


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--payload", type=size, default=64, metavar="BYTES", help="of a message (64)")
    beside_peers.carry_out(parser, compare, lambda options: f"Messages of {options.payload} bytes; ")
