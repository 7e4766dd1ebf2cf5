#!/usr/bin/env python3
"""procpool beside its peers: what starting a pool costs, and what a task costs that does nothing.

    scripts/pool_peers.py                 everything in its defaults: some minutes
    scripts/pool_peers.py --quick         fewer blocks and tasks: rough
    scripts/pool_peers.py --workers 4 --python python3.13 --json samples.json

Builds procpool's example `throughput` and the package in scripts/peers/procspawn, then runs every
contestant once a block, each in a fresh process, in an order shuffled by the seed, and prints a table.
Needs a Rust toolchain and Python 3.10; loky takes part if the Python that is measured has it. The exit
status is 1 if a contestant failed or gave wrong results.
"""

import multiprocessing
import os
import sys
import threading
import time
from collections import namedtuple

if __name__ == "__main__":
    # Workers that are spawned import this file anew, and that is measured. They need none of these.
    import argparse
    import contextlib
    import json
    import math
    import random
    import re
    import signal
    import subprocess

SCRIPT = os.path.abspath(__file__)
ROOT = os.path.dirname(os.path.dirname(SCRIPT))
PROCSPAWN = os.path.join(ROOT, "scripts", "peers", "procspawn")
TIMEOUT = 300  # seconds for one run: a pool that hangs has failed
FEWEST = 1000  # tasks in a run, unless --tasks is less
CHUNKS = (16, 64, 256, 1024, 4096, 16384)
BEST = "executor-map-best"

# `part`: slow ones get only this part of --tasks. The time of one task is what is compared.
Peer = namedtuple("Peer", "pool method call chunk part note", defaults=(None, 1, "fork"))
PEERS = {
    "procpool": Peer("rust", None, "map", note="sizes its chunks itself"),
    "procspawn": Peer("rust", None, "spawn", None, 40, "Rust; has no map: spawned, 128 at once"),
    "executor-map": Peer("executor", "fork", "map", None, 100, "fork; the default: chunksize 1"),
    **{f"executor-map-{size}": Peer("executor", "fork", "map", size, 4 if size < 64 else 1) for size in CHUNKS},
    BEST: None,  # made from the ones above
    "executor-submit": Peer("executor", "fork", "submit", None, 100, "fork; submit in a loop"),
    "executor-spawn": Peer("executor", "spawn", None, note="spawn; start only"),
    "executor-forkserver": Peer("executor", "forkserver", None, note="forkserver; start only"),
    "pool-map": Peer("pool", "fork", "map", note="fork; the default: four chunks a worker"),
    "pool-map-256": Peer("pool", "fork", "map", 256),
    "pool-imap": Peer("pool", "fork", "imap", None, 20, "fork; the default: chunksize 1"),
    "pool-imap-256": Peer("pool", "fork", "imap", 256),
    "pool-spawn": Peer("pool", "spawn", None, note="spawn; start only"),
    "pool-forkserver": Peer("pool", "forkserver", None, note="forkserver; start only"),
    "loky-map": Peer("loky", None, "map", None, 100, "the default: chunksize 1"),
    "loky-map-256": Peer("loky", None, "map", 256, note=""),
    "threads-map": Peer("threads", None, "map", None, 20, "ThreadPoolExecutor, for comparison"),
}


class Failure(Exception):
    """A contestant, or what it needs, does not do what it should."""


# --- One contestant in Python, in a process of its own.


def identity(number):
    return number


def opener(peer, workers):
    """What opens the pool, with everything imported that it needs."""
    if peer.pool == "threads":
        from concurrent.futures import ThreadPoolExecutor
        return lambda: ThreadPoolExecutor(workers)
    if peer.pool == "loky":
        import loky
        return lambda: loky.ProcessPoolExecutor(workers)
    context = multiprocessing.get_context(peer.method)
    if peer.pool == "executor":
        from concurrent.futures import ProcessPoolExecutor
        return lambda: ProcessPoolExecutor(workers, mp_context=context)
    from multiprocessing.pool import Pool
    return lambda: Pool(workers, context=context)


def first_results(pool, peer, workers):
    """Waits until every worker has given a result."""
    ask, get = ("apply_async", "get") if peer.pool == "pool" else ("submit", "result")
    # Threads are started only while none is idle.
    who = threading.Barrier(workers).wait if peer.pool == "threads" else os.getpid
    seen = set()
    while len(seen) < workers:
        if seen:
            time.sleep(0.0002)  # those that still start should have the processors
        round_of_all = [getattr(pool, ask)(who) for _ in range(workers)]
        seen.update(getattr(asked, get)() for asked in round_of_all)


def work(pool, peer, tasks):
    if peer.call == "submit":
        return [future.result() for future in [pool.submit(identity, number) for number in range(tasks)]]
    chunk = {"chunksize": peer.chunk} if peer.chunk else {}
    return list(getattr(pool, peer.call)(identity, range(tasks), **chunk)) if peer.call else []


def measure(peer, workers, tasks):
    """Start, work and shutdown of one pool."""
    try:
        opened = opener(peer, workers)
    except ModuleNotFoundError as error:
        return {"absent": f"{error.name} is not installed"}
    except ValueError as error:  # no such start method on this system
        return {"absent": str(error)}
    began = time.perf_counter_ns()
    pool = opened()
    first_results(pool, peer, workers)
    started = time.perf_counter_ns()
    results = work(pool, peer, tasks)
    worked = time.perf_counter_ns()
    if peer.pool == "pool":
        pool.close()
        pool.join()
    else:
        pool.shutdown()
    ended = time.perf_counter_ns()
    if results != list(range(tasks)):
        raise Failure("a result is missing or wrong")
    return {"start_ns": started - began, "work_ns": worked - started, "tasks": tasks, "shutdown_ns": ended - worked}


def about():
    """Of the Python that is measured."""
    return {
        "python": sys.version.split()[0],
        "start_method": multiprocessing.get_start_method(),
        "gil": getattr(sys, "_is_gil_enabled", lambda: True)(),
        "cpus": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
    }


# --- Building and running them.


def cause(stderr, status):
    """One line: the message of a panic, the first error of a compiler, or whatever was said last."""
    lines = [line.strip() for line in stderr.splitlines() if line.strip()]
    panics = [after for line, after in zip(lines, lines[1:]) if "panicked at" in line]
    errors = [line for line in lines if line.startswith("error")]
    how = signal.Signals(-status).name if status < 0 else f"exit status {status}"
    return f"{(panics or errors or lines[-1:] or ['it said nothing'])[0]} ({how})"


def run(*command, timeout=TIMEOUT, folder=None):
    """stdout of a program, which ends with all that it has started, whatever happens here."""
    pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    try:
        process = subprocess.Popen(command, cwd=folder, text=True, errors="replace", start_new_session=True, **pipes)
    except OSError as error:
        raise Failure(f"{command[0]}: {error.strerror}") from error
    try:
        stdout, stderr = process.communicate(timeout=timeout)
    except BaseException as error:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL) if hasattr(os, "killpg") else process.kill()
        process.communicate()
        if isinstance(error, subprocess.TimeoutExpired):
            raise Failure(f"did not end within {timeout} s") from error
        raise
    if process.returncode != 0:
        raise Failure(cause(stderr, process.returncode))
    return stdout


def build(name):
    """The path of the program that cargo has built."""
    print(f"building {name}", file=sys.stderr)
    what = ["-p", "procpool", "--example", "throughput"]
    if name == "procspawn":
        metadata = json.loads(run("cargo", "metadata", "--format-version", "1", "--no-deps", folder=ROOT))
        target = os.path.join(metadata["target_directory"], "peers")
        what = ["--locked", "--target-dir", target, "--manifest-path", os.path.join(PROCSPAWN, "Cargo.toml")]
    what = ["build", "--release", "--message-format=json-render-diagnostics", *what]
    messages = run("cargo", *what, timeout=None, folder=ROOT)
    made = [json.loads(line).get("executable") for line in messages.splitlines()]
    return [program for program in made if program][-1]


def commands(options):
    """The contestants' command lines and numbers of tasks, and why some are absent."""
    found, absent = {}, {}
    workers = str(options.workers)
    for name, peer in PEERS.items():
        if not peer:
            continue
        tasks = max(options.tasks // peer.part, min(options.tasks, FEWEST)) if peer.call else 0
        command = [options.python, SCRIPT, "--contestant", name, "--tasks", str(tasks), "--workers", workers]
        if peer.pool == "rust":
            try:
                program = build(name)
            except Failure as error:
                if name == "procpool":
                    raise Failure(f"procpool is not built: {error}") from error
                absent[name] = f"not built: {error}"
                continue
            command = [program, *(["--json", str(tasks), "0"] if name == "procpool" else [str(tasks)]), workers]
        found[name] = (command, tasks)
    return found, absent


def record(command, tasks):
    """One run of a contestant."""
    stdout = run(*command)
    try:
        taken = json.loads(stdout)
        if "absent" in taken or (taken["tasks"] == tasks and taken["start_ns"] > 0 and taken["work_ns"] > 0):
            return taken
    except (ValueError, TypeError, KeyError):
        pass
    raise Failure(f"its output is no record of {tasks} tasks: {stdout.strip()[:80]!r}")


def run_blocks(options, found, absent):
    """Every run as a sample, and why contestants failed. Block 0 is the warm-up."""
    samples, failed = [], {}
    shuffle = random.Random(options.seed).shuffle
    for block in range(options.blocks + 1):
        print(f"block {block} of {options.blocks}" if block else "warm-up", file=sys.stderr)
        order = list(found)
        shuffle(order)
        for name in order:
            if name in absent or name in failed:
                continue
            try:
                taken = record(*found[name])
            except Failure as error:
                failed[name] = f"block {block}: {error}"
                continue
            if "absent" in taken:
                absent[name] = taken["absent"]
            else:
                samples.append({"block": block, "contestant": name, **taken})
        if "procpool" in failed:
            break  # nothing is left to compare with
    return samples, failed


# --- Estimates.


def median(values):
    ordered = sorted(values)
    return (ordered[(len(ordered) - 1) // 2] + ordered[len(ordered) // 2]) / 2


def critical(n):
    """Wilcoxon's signed-rank test: the greatest t with 2 P(T <= t) <= 5 %, and the level it achieves.

    Below 6 blocks there is none: then 0, with the greatest level that there is."""
    ways = [1]  # to get each sum out of the ranks so far
    for rank in range(1, n + 1):
        ways = [without + with_it for without, with_it in zip(ways + [0] * rank, [0] * rank + ways)]
    t = 0
    while 20 * 2 * sum(ways[: t + 2]) <= 2**n:
        t += 1
    return t, 1 - 2 * sum(ways[: t + 1]) / 2**n


def ratio(times, base):
    """times / base over blocks: the Hodges-Lehmann estimate, and the ends of its exact interval."""
    logs = [math.log(a / b) for a, b in zip(times, base, strict=True)]
    walsh = sorted((a + b) / 2 for i, a in enumerate(logs) for b in logs[i:])
    t, _ = critical(len(logs))
    return [math.exp(value) for value in (median(walsh), walsh[t], walsh[-1 - t])]


def self_test():
    """Against published critical values, and what can be counted by hand."""
    assert [critical(n)[0] for n in (6, 8, 10, 20)] == [0, 3, 8, 52]
    assert [critical(n)[1] for n in (1, 3, 5, 6)] == [0, 0.75, 0.9375, 0.96875]
    assert critical(10)[1] == 1 - 2 * 25 / 1024
    powers = ratio([math.exp(x) for x in (1, 2, 4)], [1, 1, 1])  # averages: 1, 1.5, 2, 2.5, 3, 4
    assert all(abs(math.log(a) - b) < 1e-12 for a, b in zip(powers, (2.25, 1, 4), strict=True))
    assert all(abs(a - 2) < 1e-12 for a in ratio([2, 4, 6], [1, 2, 3]))
    assert median([3, 1, 2]) == 2 and median([4, 1, 2, 3]) == 2.5
    assert [digits(x) for x in (0.0123, 1, 12.34, 1234.5)] == ["0.0123", "1.00", "12.3", "1,234"]


# --- The table.


def digits(value):
    """Three that count."""
    return f"{value:,.{max(0, 2 - math.floor(math.log10(value)))}f}"


def figures(name, times):
    """Median of one contestant, and how it stands against procpool."""
    if name not in times:
        return ["", ""]
    if name == "procpool":
        return [digits(median(times[name])), "baseline"]
    against = map(digits, ratio(times[name], times["procpool"]))
    return [digits(median(times[name])), "{}x ({} to {})".format(*against)]


def table(samples, found, missing):
    """Rows of cells, the head first."""
    starts, works = {}, {}
    for sample in samples:
        name = sample["contestant"]
        if sample["block"] and name not in missing:
            starts.setdefault(name, []).append(sample["start_ns"] / 1e6)
            if sample["tasks"]:
                works.setdefault(name, []).append(sample["work_ns"] / sample["tasks"])
    sizes = [size for size in CHUNKS if f"executor-map-{size}" in works]
    blocks = list(zip(*(works[f"executor-map-{size}"] for size in sizes)))
    won = sorted({sizes[block.index(min(block))] for block in blocks})
    if blocks:
        works[BEST] = [min(block) for block in blocks]
    yield ["contestant", "start, ms", "times procpool", "tasks", "ns a task", "times procpool", "notes"]
    for name, peer in PEERS.items():
        note = peer.note if peer else f"the fastest of each block, picked afterwards: {', '.join(map(str, won))}"
        tasks = f"{found[name][1]:,}" if peer and name in works else ""
        note = missing.get(name) or (note if name in starts or name in works else "not run")
        yield [name, *figures(name, starts), tasks, *figures(name, works), note.replace("|", "\\|")]


def show(options, samples, found, missing):
    facts, level = options.facts, critical(options.blocks)[1]
    print(f"No-op tasks through pools of {options.workers} workers: {options.blocks} blocks after a warm-up, "
          f"seed {options.seed}.\nPython {facts['python']}, GIL {'enabled' if facts['gil'] else 'disabled'}, "
          f"default start method {facts['start_method']}; procspawn {facts['procspawn']}; {facts['cpus']} CPUs.\n")
    rows = list(table(samples, found, missing))
    widths = [max(map(len, column)) for column in zip(*rows)]
    rows.insert(1, ["-" * (width - 1) + (":" if 0 < index < 6 else "-") for index, width in enumerate(widths)])
    for row in rows:
        cells = [f"{cell:{'>' if 0 < index < 6 else '<'}{widths[index]}}" for index, cell in enumerate(row)]
        print(f"| {' | '.join(cells)} |")
    print(f"""
- start: until the first result of every worker is back. Starting the program itself is not in it.
- times procpool: 2x means that procpool takes half as long. The Hodges-Lehmann estimate of the ratio in
  each block; in brackets the exact {100 * level:.4g} % interval of Wilcoxon's signed-rank test, of that row alone.
- the other figures are medians over the blocks.""")


# --- The command line.


def parse():
    def count(text):
        if not text.isdecimal() or (int(text) == 0 and "--contestant" not in sys.argv):
            raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
        return int(text)

    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    option = parser.add_argument
    option("--tasks", type=count, metavar="N", help="a run; slow contestants get a part (200000, quick 20000)")
    option("--workers", type=count, metavar="N", default=2, help="of each pool (2)")
    option("--blocks", type=count, metavar="N", help="after the warm-up (10, quick 3)")
    option("--python", metavar="PROGRAM", default=sys.executable, help="which to measure (the one running this)")
    option("--seed", type=int, metavar="N", help="of the order in the blocks (random, and printed)")
    option("--quick", action="store_true", help="fewer blocks and tasks")
    option("--json", metavar="FILE", help="write every run there, the warm-up too")
    option("--contestant", choices=[*PEERS, "about"], help=argparse.SUPPRESS)
    option("--self-test", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.tasks is None:
        options.tasks = 20_000 if options.quick else 200_000
    options.blocks = options.blocks or (3 if options.quick else 10)
    options.seed = random.randrange(1_000_000) if options.seed is None else options.seed
    if options.json and not os.path.isdir(os.path.dirname(os.path.abspath(options.json))):
        parser.error(f"--json {options.json}: there is no such folder")
    return options


def write(options, samples, missing):
    """Whole or not there."""
    head = {key: getattr(options, key) for key in ("tasks", "workers", "blocks", "seed")}
    with open(f"{options.json}.partial", "w", encoding="utf-8") as file:
        json.dump({**head, **options.facts, "missing": missing, "samples": samples}, file, indent=1)
        file.write("\n")
    os.replace(f"{options.json}.partial", options.json)


def main():
    options = parse()
    if options.self_test:
        return self_test()
    if options.contestant:
        peer = PEERS.get(options.contestant)
        return print(json.dumps(measure(peer, options.workers, options.tasks) if peer else about()))
    options.facts = json.loads(run(options.python, SCRIPT, "--contestant", "about"))
    with open(os.path.join(PROCSPAWN, "Cargo.lock"), encoding="utf-8") as lock:
        options.facts["procspawn"] = re.search(r'name = "procspawn"\nversion = "(.*)"', lock.read())[1]
    found, absent = commands(options)
    samples, failed = run_blocks(options, found, absent)
    missing = {name: f"not run: {why}" for name, why in absent.items()}
    missing |= {name: f"failed in {why}" for name, why in failed.items()}
    if options.json:
        write(options, samples, missing)
    if "procpool" in failed:
        raise Failure(f"procpool {missing['procpool']}")
    show(options, samples, found, missing)
    for name in failed:
        print(f"{name}: {missing[name]}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Failure as failure:
        sys.exit(f"error: {failure}")
    except KeyboardInterrupt:
        sys.exit(130)
