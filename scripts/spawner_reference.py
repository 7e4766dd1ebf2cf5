#!/usr/bin/env python3
"""Reference programs for the spawner: workers started and ended in Python, with the same run record.

    spawner_reference.py thread       WORKERS SAMPLES   threading.Thread
    spawner_reference.py thread-pool  WORKERS SAMPLES   concurrent.futures.ThreadPoolExecutor
    spawner_reference.py fork         WORKERS SAMPLES   multiprocessing, context "fork"
    spawner_reference.py spawn        WORKERS SAMPLES   multiprocessing, context "spawn"
    spawner_reference.py forkserver   WORKERS SAMPLES   multiprocessing, context "forkserver"

Starts so many workers, waits until all are ready, lets them go and waits until they are gone; SAMPLES times and once
more to warm up. Prints one run record as JSON on stdout, with the medians under "starts", as the programs in Rust do.
Ready is from asking for the first worker to the moment that the last one notes, on the clock that all processes share;
gone is from letting them go to the last join.
"""

import concurrent.futures
import multiprocessing
import queue
import statistics
import sys
import threading
import time

from run_record import cpu, show, version

WORDS = {"thread": ("threading.Thread",), "thread-pool": ("ThreadPoolExecutor",)}
WAYS = ("thread", "thread-pool", "fork", "spawn", "forkserver")


def attend(tell, over):
    tell.put(time.monotonic_ns())
    over.wait()


def threads(workers):
    tell, over = queue.SimpleQueue(), threading.Event()
    asked = time.monotonic_ns()
    everyone = [threading.Thread(target=attend, args=(tell, over)) for _ in range(workers)]
    for one in everyone:
        one.start()
    ready = max(tell.get() for _ in everyone)
    let_go = time.monotonic_ns()
    over.set()
    for one in everyone:
        one.join()
    return ready - asked, time.monotonic_ns() - let_go


def thread_pool(workers):
    tell, over = queue.SimpleQueue(), threading.Event()
    asked = time.monotonic_ns()
    pool = concurrent.futures.ThreadPoolExecutor(workers)
    futures = [pool.submit(attend, tell, over) for _ in range(workers)]
    ready = max(tell.get() for _ in futures)
    let_go = time.monotonic_ns()
    over.set()
    pool.shutdown()
    return ready - asked, time.monotonic_ns() - let_go


def processes(way):
    context = multiprocessing.get_context(way)

    def start(workers):
        tell, over = context.SimpleQueue(), context.Event()
        asked = time.monotonic_ns()
        everyone = [context.Process(target=attend, args=(tell, over)) for _ in range(workers)]
        for one in everyone:
            one.start()
        ready = max(tell.get() for _ in everyone)
        let_go = time.monotonic_ns()
        over.set()
        for one in everyone:
            one.join()
            if one.exitcode != 0:
                raise SystemExit(f"{way}: a worker ended with {one.exitcode}")
        gone = time.monotonic_ns()
        for one in everyone:
            one.close()
        # Python 3.9 and newer.
        getattr(tell, "close", lambda: None)()
        return ready - asked, gone - let_go

    return start


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in WAYS:
        sys.exit(__doc__)
    way, workers, samples = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    start = {"thread": threads, "thread-pool": thread_pool}.get(way) or processes(way)
    began = time.monotonic_ns()
    # The first one warms up: the server of "forkserver" is started with it.
    taken = [start(workers) for _ in range(samples + 1)][1:]
    done = time.monotonic_ns()
    items = workers * (samples + 1)
    medians = [statistics.median(times) for times in zip(*taken)]
    show(**{
        "scenario": "spawner",
        "case": f"start {way}",
        "model": "threads" if way.startswith("thread") else "processes",
        "workers": workers,
        "version": version(*WORDS.get(way, ("multiprocessing", way))),
        "phases": {"startup_ns": 0, "work_ns": done - began, "shutdown_ns": 0},
        "cpu": cpu(),
        "outcome": {"items": items, "failed": 0, "bytes": 0, "checksum": f"{items:016x}"},
        "starts": [{
            "way": way,
            "workers": workers,
            "ballast_bytes": 0,
            "samples": samples,
            "ready_ns": {"median": medians[0]},
            "end_ns": {"median": medians[1]},
        }],
    })


if __name__ == "__main__":
    main()
