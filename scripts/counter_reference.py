#!/usr/bin/env python3
"""Reference programs for the counter: the same mechanisms in Python, with the same run record.

    counter_reference.py sequential WORKERS MECHANISM [INCREMENTS]   one thread, which only counts
    counter_reference.py threads    WORKERS MECHANISM [INCREMENTS]   threading
    counter_reference.py processes  WORKERS MECHANISM [INCREMENTS]   multiprocessing

Prints one run record as JSON on stdout, with what was counted under "counts", as the programs in Rust do. Names of
mechanisms are theirs. Python has one kind of lock, and no atomic integer: where they have several, it takes that
lock, and "version" says so. One more it has alone: `plain` is `n += 1` on a global, which threads of CPython 3.10 to
3.13 do not lose (they change over at calls and at the end of a loop's round only), and nothing says that they will not.
`padded` is a pure Python loop in all three, over a list in the worker's own reach: it never releases the GIL of itself.
Worker processes add their list to the common count at the end.
"""

import fcntl
import multiprocessing
import queue
import sys
import tempfile
import threading
import time

from run_record import cpu, default_start_method, show, version

# As in crates/counter/job/src/mechanism.rs.
INCREMENTS = {
    "own-copy": 50_000_000,
    "lost-update": 50_000_000,
    "local-then-merge": 200_000_000,
    "padded": 20_000_000,
    "false-sharing": 8_000_000,
    "atomic": 8_000_000,
    "compare-exchange": 4_000_000,
    "spin": 2_000_000,
    "mutex": 2_000_000,
    "rwlock": 1_000_000,
    "channel": 30_000,
    "file-lock": 60_000,
    "plain": 2_000_000,
}
WRONG_ON_PURPOSE = {"own-copy", "lost-update", "plain"}

count = 0
own = threading.local()


def one():
    return 1


class Threads:
    """Everything is in the same memory: global variables, and a list of shards."""

    model = "threads"
    Worker = threading.Thread
    Barrier = threading.Barrier

    def __init__(self, workers):
        self.shards = [0] * workers
        self.times = [0] * (2 * workers)
        self.lock = threading.Lock()
        self.messages = queue.SimpleQueue()

    def own_copy(self, times, _):
        own.count = 0
        for _ in range(times):
            own.count += 1

    def plain(self, times, _):
        global count
        for _ in range(times):
            count += 1

    def lost_update(self, times, _):
        """Python looks at `count` before it calls the function, and may change over there."""
        global count
        for _ in range(times):
            count += one()

    def mutex(self, times, _):
        global count
        for _ in range(times):
            with self.lock:
                count += 1

    def file_lock(self, times, file):
        global count
        for _ in range(times):
            fcntl.flock(file, fcntl.LOCK_EX)
            count += 1
            fcntl.flock(file, fcntl.LOCK_UN)

    def add(self, number):
        global count
        with self.lock:
            count += number

    def total(self):
        return count + sum(self.shards)


class Processes:
    """Nothing is in the same memory, but what `multiprocessing` puts there."""

    model = "processes"
    Worker = multiprocessing.Process
    Barrier = multiprocessing.Barrier

    def __init__(self, workers):
        self.shards = multiprocessing.RawArray("Q", workers)
        self.times = multiprocessing.RawArray("Q", 2 * workers)
        self.shared = multiprocessing.Value("Q", 0)
        self.messages = None

    def own_copy(self, times, _):
        global count
        for _ in range(times):
            count += 1

    plain = own_copy

    def lost_update(self, times, _):
        shared = self.shared.get_obj()
        for _ in range(times):
            shared.value += 1

    def mutex(self, times, _):
        shared, lock = self.shared.get_obj(), self.shared.get_lock()
        for _ in range(times):
            with lock:
                shared.value += 1

    def file_lock(self, times, file):
        shared = self.shared.get_obj()
        for _ in range(times):
            fcntl.flock(file, fcntl.LOCK_EX)
            shared.value += 1
            fcntl.flock(file, fcntl.LOCK_UN)

    def add(self, number):
        with self.shared.get_lock():
            self.shared.value += number

    def total(self):
        return count + self.shared.value + sum(self.shards)


def shard(side, worker, times):
    shards = side.shards
    for _ in range(times):
        shards[worker] += 1


def padded(side, worker, times):
    """The loop of `shard` over a list, which is in no common memory between processes."""
    shards = [0] * len(side.shards) if side.model == "processes" else side.shards
    for _ in range(times):
        shards[worker] += 1
    if shards is not side.shards:
        side.shards[worker] = shards[worker]


def local_then_merge(side, times):
    total = 0
    for _ in range(times):
        total += 1
    side.add(total)


def threads_tell_owner(side, times):
    for _ in range(times):
        side.messages.put(1)
    side.messages.put(None)


def processes_tell_owner(value, times):
    """A value of a Manager: each look and each change is a message to the process that owns it, and back. Its lock
    makes the two of them one."""
    number, lock = value
    for _ in range(times):
        with lock:
            number.value += 1


def work(side, mechanism, worker, times, barrier, file_name, manager_value):
    # Each its own: the lock belongs to what was opened.
    file = open(file_name, "r+b")
    barrier.wait()
    side.times[2 * worker] = time.monotonic_ns()
    if mechanism == "padded":
        padded(side, worker, times)
    elif mechanism == "false-sharing":
        shard(side, worker, times)
    elif mechanism == "local-then-merge":
        local_then_merge(side, times)
    elif mechanism == "channel" and manager_value:
        processes_tell_owner(manager_value, times)
    elif mechanism == "channel":
        threads_tell_owner(side, times)
    else:
        name = mechanism.replace("-", "_")
        getattr(side, name, side.mutex)(times, file)
    side.times[2 * worker + 1] = time.monotonic_ns()


def own_the_count(side, workers):
    """Takes messages until each worker has said that it has no more."""
    told = 0
    while workers:
        message = side.messages.get()
        if message is None:
            workers -= 1
        else:
            told += message
    return told


class Alone(Threads):
    """One thread needs no mechanism."""

    model = "sequential"


def count_alone(increments):
    """What was counted, when it began, and when it was done. The same loop as a worker's of `padded`."""
    side = Alone(1)
    began = time.monotonic_ns()
    padded(side, 0, increments)
    return side.total(), began, time.monotonic_ns()


def run(side, mechanism, workers, increments, file_name, manager):
    """What was counted, when the first worker was let go, and when the last had counted."""
    value = (manager.Value("Q", 0), manager.Lock()) if manager else None
    barrier = side.Barrier(workers + 1)
    shares = [increments // workers + (worker < increments % workers) for worker in range(workers)]
    everyone = [
        side.Worker(target=work, args=(side, mechanism, worker, times, barrier, file_name, value))
        for worker, times in enumerate(shares)
    ]
    for one_of_them in everyone:
        one_of_them.start()
    barrier.wait()
    told = own_the_count(side, workers) if mechanism == "channel" and not manager else 0
    owned = time.monotonic_ns() if told else 0
    for one_of_them in everyone:
        one_of_them.join()
    ready, done = min(side.times[0::2]), max(owned, *side.times[1::2])
    return side.total() + told + (value[0].value if value else 0), ready, done


SIDES = {"sequential": Alone, "threads": Threads, "processes": Processes}


def main():
    if len(sys.argv) not in (4, 5) or sys.argv[1] not in SIDES or sys.argv[3] not in INCREMENTS:
        sys.exit(__doc__)
    alone, mechanism = sys.argv[1] == "sequential", sys.argv[3]
    workers = 1 if alone else int(sys.argv[2])
    increments = int(sys.argv[4]) if len(sys.argv) == 5 else INCREMENTS[mechanism]
    began = time.monotonic_ns()
    side = SIDES[sys.argv[1]](workers)
    manager = multiprocessing.Manager() if (mechanism, side.model) == ("channel", "processes") else None
    if alone:
        counted, ready, done = count_alone(increments)
    else:
        with tempfile.NamedTemporaryFile() as file:
            counted, ready, done = run(side, mechanism, workers, increments, file.name, manager)
    if manager:
        manager.shutdown()
    ended = time.monotonic_ns()
    wrong = mechanism in WRONG_ON_PURPOSE
    known = mechanism in ("padded", "false-sharing", "local-then-merge", "channel")
    by = mechanism if known or hasattr(side, mechanism.replace("-", "_")) else "mutex"
    show(**{
        "scenario": "counter",
        "case": mechanism,
        "model": side.model,
        "workers": workers,
        "version": version("a loop" if alone else by, default_start_method() if side.model == "processes" else None),
        "phases": {"startup_ns": ready - began, "work_ns": done - ready, "shutdown_ns": ended - done},
        "cpu": cpu(),
        "outcome": {
            "items": increments,
            "failed": 0 if wrong else abs(increments - counted),
            "bytes": 0,
            "checksum": f"{increments if wrong else counted:016x}",
        },
        "counts": [{
            "mechanism": mechanism,
            "expected": increments,
            "counted": counted,
            "elapsed_ns": done - ready,
        }],
    })


if __name__ == "__main__":
    main()
