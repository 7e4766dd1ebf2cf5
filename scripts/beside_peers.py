"""Programs of ours and their peers in pairs, for the scripts here: built, run in blocks, and told with a target."""

import json
import os
import random
import subprocess
import sys
import tempfile
from statistics import median

import paired

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
TIMEOUT = 120  # seconds for one run: one that hangs has failed
TARGET = 1.15


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


def build(packages, source, folder):
    """The folder of our programs, and the path of the one in C."""
    print("building", file=sys.stderr)
    command = ["cargo", "build", "--quiet", "--release", "--locked"]
    for package in packages:
        command += ["-p", package]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        raise Failure(f"{', '.join(packages)}: not built")
    metadata = json.loads(run("cargo", "metadata", "--format-version", "1", "--no-deps"))
    peer = os.path.join(folder, "peer")
    run("cc", "-O2", "-pthread", "-o", peer, os.path.join(ROOT, "scripts", source))
    return os.path.join(metadata["target_directory"], "release"), peer


def measure(options, compared):
    """Samples by name: (ours, the peer's) in each block. The first block warms up.

    `compared` are tuples: name, ours, the peer's (functions that give a figure), and whether there is a target.
    """
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


def show(compared, samples):
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
    return slower


def carry_out(parser, compare, about=lambda options: ""):
    """Reads options, measures what `compare(options, folder)` gives, and ends with the exit status of a peers' script."""
    parser.add_argument("--blocks", type=int, default=10, metavar="N", help="after the warm-up; 6 at least (10)")
    parser.add_argument("--seed", type=int, default=random.randrange(1_000_000), help="of the order (random, and printed)")
    parser.add_argument("--json", metavar="FILE", help="write every pair there, in nanoseconds")
    options = parser.parse_args()
    if options.blocks < 6:
        parser.error("--blocks: an interval takes 6")
    try:
        with tempfile.TemporaryDirectory() as folder:
            compared = compare(options, folder)
            samples = measure(options, compared)
        if options.json:
            with open(options.json, "w", encoding="utf-8") as file:
                json.dump({"seed": options.seed, "samples": samples}, file, indent=1)
        slower = show(compared, samples)
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
    print(f"\n{about(options)}{options.blocks} blocks after a warm-up, seed {options.seed}.")
    sys.exit(1 if slower else 0)
