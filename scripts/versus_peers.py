#!/usr/bin/env python3
"""versus beside its peers, and beside itself.

    scripts/versus_peers.py                  everything: some minutes on a machine that does nothing else
    scripts/versus_peers.py --quick          a fifth of the runs: rough
    scripts/versus_peers.py hyperfine time   only these parts

  hyperfine  the median wall time by versus over that by hyperfine, of the same commands, in turns
  time       CPU time of a tree of processes by versus over that by `time` of bash, in turns
  same       versus on one program against itself, again and again: how often it claims a difference
  repeat     `versus run hasher` twice: in how many verdicts the two agree

Builds versus and the hashers. Needs hyperfine and bash for the parts of these names, and says so where
they are missing. The exit status is 1 if a figure is beyond what METHODOLOGY.md promises.
"""

import argparse
import contextlib
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

from paired import estimate

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RELEASE = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
VERSUS = os.path.join(RELEASE, "versus")
BLOCKS = 3  # counted runs of versus, and runs of its peer, in one turn
AGREES = 0.02  # medians, and CPU time
TELLS = 0.02  # seconds from which a figure in steps of 1 ms can be held to 2 %
CLAIMS = 0.05  # of comparisons of a program with itself, at most


class Missing(Exception):
    """Something that a part needs is not there."""


def run(*command, **options):
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, check=False, **options)
    if done.returncode:
        raise SystemExit(f"{' '.join(command)}: status {done.returncode}\n{done.stderr.strip()}")
    return done


def build():
    packages = [arg for package in ("versus", "hasher", "hasher-threads", "hasher-processes") for arg in ("-p", package)]
    run("cargo", "build", "--release", "--locked", "--quiet", *packages, cwd=ROOT)


@contextlib.contextmanager
def sample():
    """Files to hash, of a fourth of the size of the scenario's, and the commands that hash them."""
    with tempfile.TemporaryDirectory(prefix="versus-peers-") as folder:
        run(os.path.join(RELEASE, "hasher"), "--make-sample", folder, "--case", "few-large", "--seed", "1")
        for name in sorted(os.listdir(folder))[16:]:
            os.remove(os.path.join(folder, name))
        models = ("hasher-threads", "hasher-processes")
        commands = [f"{os.path.join(RELEASE, model)} --quiet --workers 2 --recursive {folder}" for model in models]
        yield [*commands, "sleep 0.05"]


def versus(commands, blocks, seed):
    """The samples of `versus commands`: [(command, wall s, CPU s)], and its tables.json."""
    with tempfile.TemporaryDirectory(prefix="versus-peers-") as folder:
        out = os.path.join(folder, "results")
        names = [name for number in range(len(commands)) for name in ("--name", f"c{number}")]
        run(VERSUS, "commands", "--blocks", str(blocks), "--seed", str(seed), "--out", out, *names, *commands)
        with open(os.path.join(out, "samples.jsonl"), encoding="utf-8") as lines:
            records = [json.loads(line) for line in lines]
        with open(os.path.join(out, "tables.json"), encoding="utf-8") as tables:
            tables = json.load(tables)
    runs = [record for record in records if record["line"] == "sample"]
    counted = [one for one in runs if one["block"] > 0 and not one["control"]]
    of = {f"c{number}": command for number, command in enumerate(commands)}
    return [(of[one["contestant"]], one["wall_ns"] / 1e9, cpu(one.get("cpu"))) for one in counted], tables


def cpu(counted):
    return (counted["user_ns"] + counted["system_ns"]) / 1e9 if counted else None


def hyperfine(command):
    """Wall times of some runs, after one that warms up."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        run("hyperfine", "-N", "--warmup", "1", "--runs", str(BLOCKS), "--export-json", out.name, command)
        with open(out.name, encoding="utf-8") as found:
            return json.load(found)["results"][0]["times"]


def shells_time(command):
    """CPU times of some runs: user and system time of the tree, to 1 ms each; GNU time cuts them to 10 ms."""
    def once():
        done = run("bash", "-c", f"TIMEFORMAT='%3U %3S'; time {command} > /dev/null")
        return sum(map(float, done.stderr.strip().splitlines()[-1].split()))
    return [once() for _ in range(BLOCKS)]


def beside(name, turns, seed, peer, which):
    """The medians of a turn by versus over those by its peer, for each command."""
    chance = random.Random(seed)
    good = True
    with sample() as commands:
        ratios = {command: [] for command in commands}
        for turn in range(turns):
            first = chance.random() < 0.5  # who measures first
            theirs = {command: peer(command) for command in commands} if first else None
            samples, _ = versus(commands, BLOCKS, seed + turn)
            theirs = theirs or {command: peer(command) for command in commands}
            for command in commands:
                ours = [one[which] for one in samples if one[0] == command]
                if statistics.mean(theirs[command]) > TELLS:
                    middle = statistics.median if which == 1 else statistics.mean
                    ratios[command].append(middle(ours) / middle(theirs[command]))
        for command, found in ratios.items():
            program = os.path.basename(command.split()[0])
            if len(found) < turns:
                print(f"{name:9}  {program:17} takes too little to be compared")
                continue
            point, low, high = estimate(found)
            agrees = abs(point - 1) <= AGREES
            good &= agrees
            print(f"{name:9}  {program:17} versus / {name} = {point:.3f} ({low:.3f} to {high:.3f}), {turns} turns of "
                  f"{BLOCKS} runs each: {'within' if agrees else 'NOT within'} {AGREES:.0%}", flush=True)
    return good


def part_hyperfine(turns, seed):
    if not shutil.which("hyperfine"):
        raise Missing("hyperfine is not installed")
    return beside("hyperfine", turns, seed, hyperfine, 1)


def part_time(turns, seed):
    if not shutil.which("bash"):
        raise Missing("bash is not installed")
    return beside("time", turns, seed, shells_time, 2)


def part_same(turns, seed):
    """The second contestant is the first one once more. Its verdict, and the control's interval."""
    claimed, controls, unknown, ratios = 0, 0, 0, []
    with sample() as (command, *_):
        for turn in range(turns):
            _, tables = versus([command, command], 10, seed + turn)
            case = tables["scenarios"][0]["cases"][0]
            row = next(row for row in case["contestants"] if row["contestant"] == "c1")
            claimed += row["verdict"] in ("faster", "slower")
            unknown += row["verdict"] in ("not-measurable", "too-few-blocks")
            if row["verdict"] not in ("not-measurable", "too-few-blocks"):
                ratios.append(row["ratio_to_baseline"]["point"])
            controls += any(floor["low"] and not floor["low"] <= 1 <= floor["high"] for floor in case["noise_floor"])
    print(f"same       {turns} measurements of one program against itself: {claimed} claimed a difference, "
          f"{unknown} not measurable; {controls} controls left out 1; ratios from {min(ratios):.3f} to {max(ratios):.3f}")
    return claimed <= max(CLAIMS * turns, 1) and unknown < turns / 4


def part_repeat(_turns, seed):
    """Words are compared, not figures."""
    def verdicts(seed):
        with tempfile.TemporaryDirectory(prefix="versus-peers-") as folder:
            out = os.path.join(folder, "results")
            run(VERSUS, "run", "hasher", "--full", "--seed", str(seed), "--out", out, cwd=ROOT)
            with open(os.path.join(out, "tables.json"), encoding="utf-8") as tables:
                scenarios = json.load(tables)["scenarios"]
        return {
            (case["name"], row["contestant"]): (row["verdict"], (row["ratio_to_baseline"] or {}).get("point"))
            for scenario in scenarios
            for case in scenario["cases"]
            for row in case["contestants"]
        }
    first, second = verdicts(seed), verdicts(seed + 1)
    for key in first:
        print(f"repeat     {' '.join(key)}: {first[key]}, then {second[key]}")
    return all(first[key][0] == second[key][0] for key in first)


PARTS = {"hyperfine": part_hyperfine, "time": part_time, "same": part_same, "repeat": part_repeat}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help="; ".join(PARTS))
    parser.add_argument("--quick", action="store_true", help="a fifth of the runs")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    build()
    good = True
    for part in options.parts or PARTS:
        try:
            good &= PARTS[part](4 if options.quick else 20, options.seed)
        except Missing as error:
            print(f"{part:9}  skipped: {error}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
