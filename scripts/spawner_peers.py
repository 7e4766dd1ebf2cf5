#!/usr/bin/env python3
"""The spawner's figures beside the same in plain C (scripts/peers/spawner.c).

    scripts/spawner_peers.py                 half a minute
    scripts/spawner_peers.py --blocks 20     with narrower intervals

Builds the spawner and the program in C, then runs each pair once a block, in an order shuffled by the seed, and prints the
ratio of each pair with its 95 % interval. One run is the median of 200 starts of one worker.

The target is 15 %, all of it on one core: for threads with what Rust's std does in each of them (a second stack, for the
handler of an overflow), and for spawned processes, of which C starts the same program. Where the system puts a new worker
when it has the choice, and whether that core slept, is another thing in every run, so there is no target on several cores.
Neither is there for plain threads, nor for a fork: what it costs depends on how large the program is that forks, and one of
16 kB in C is small. `within` if the whole interval is inside, `beyond` if it is outside, `open` if it is on both
sides. The exit status is 1 if a run failed, or one of ours is slower than its peer beyond the target. Needs cargo, cc and
taskset.
"""

import argparse
import json
import os

import beside_peers
from beside_peers import run

STARTS = 200
# The ways of the peer: our program, our way, and whether both do the same.
WAYS = {
    "thread": ("spawner-threads", "thread", False),
    "std-thread": ("spawner-threads", "thread", True),
    "fork": ("spawner-processes", "fork", False),
    "spawn": ("spawner-processes", "spawn", True),
}


def ours(options, way, place):
    """Medians of ours: ready after, gone after, in nanoseconds."""
    name, way, _ = WAYS[way]
    program = os.path.join(options.programs, name)
    arguments = ["--json", "--quiet", "--way", way, "--workers", "1", "--samples", str(STARTS)]
    start = json.loads(run(*place, program, *arguments))["starts"][0]
    return start["ready_ns"]["median"], start["end_ns"]["median"]


def plain(options, way, place):
    """The same, by C."""
    said = run(*place, options.peer, way, str(STARTS), os.path.join(options.programs, "spawner-processes"))
    ready, gone = map(int, said.split())
    return ready, gone


def compare(options, folder):
    """What is compared, as `beside_peers.measure` wants it."""
    packages = sorted({package for package, *_ in WAYS.values()})
    options.programs, options.peer = beside_peers.build(packages, "peers/spawner.c", folder)
    one_core = ["taskset", "-c", str(min(os.sched_getaffinity(0)))]
    found = []
    for way, (*_, alike) in WAYS.items():
        for where, place in (("one core", one_core), ("all cores", [])):
            for at, what in enumerate(("ready", "gone")):
                found.append((
                    f"{way}: {what} after, {where}",
                    lambda job=(way, place), at=at: ours(options, *job)[at],
                    lambda job=(way, place), at=at: plain(options, *job)[at],
                    bool(place) and alike,
                ))
    return found


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    beside_peers.carry_out(parser, compare, lambda _: f"Medians of {STARTS} starts a run; ")
