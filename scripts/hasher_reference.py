#!/usr/bin/env python3
"""Reference programs for the hasher: the same job by other means, with the same run record.

    hasher_reference.py sequential WORKERS DIR   hashlib, one file after another; WORKERS is not looked at
    hasher_reference.py threads    WORKERS DIR   hashlib in a ThreadPoolExecutor
    hasher_reference.py processes  WORKERS DIR   hashlib in a ProcessPoolExecutor
    hasher_reference.py sha256sum  WORKERS DIR   the distribution's sha256sum, WORKERS of them at once

Prints one run record as JSON on stdout. Its checksum is over the lines that `hasher -r DIR` prints, so
`versus` holds it to the same answer. hashlib releases the GIL while it hashes (more than 2 kB at once); the rest of the
program does not.
"""

import hashlib
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor

from run_record import cpu, default_start_method, file_digest, not_run, show, version, version_of_tool


def digest(path):
    with open(path, "rb") as file:
        return file_digest(file)


def sequentially(paths, _):
    return [digest(path) for path in paths]


def by_threads(paths, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(digest, paths))


def by_processes(paths, workers):
    # The chunk size that suits: some chunks a worker, so that the end is balanced.
    chunk = max(1, min(256, len(paths) // (workers * 8)))
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(digest, paths, chunksize=chunk))


def by_sha256sum(paths, workers):
    """Every worker takes each WORKERS-th file, and reads its list of names from xargs."""
    for tool in ("xargs", "sha256sum"):
        if not shutil.which(tool):
            not_run(f"there is no {tool} here")
    shares = [paths[share::workers] for share in range(workers)]
    with ThreadPoolExecutor(workers) as pool:
        outputs = list(pool.map(sha256sum, shares))
    digests = [None] * len(paths)
    for share, output in enumerate(outputs):
        digests[share::workers] = [line[:64].decode() for line in output.splitlines()]
    return digests


def sha256sum(paths):
    if not paths:
        return b""
    names = b"\0".join(paths)
    done = subprocess.run(["xargs", "-0", "sha256sum", "--"], input=names, stdout=subprocess.PIPE, check=True)
    return done.stdout


MEANS = {
    "sequential": (sequentially, "sequential"),
    "threads": (by_threads, "threads"),
    "processes": (by_processes, "processes"),
    "sha256sum": (by_sha256sum, "processes"),
}


def files_below(top):
    """Regular files, in the byte order of their paths."""
    found = []
    for folder, _, names in os.walk(os.fsencode(top)):
        for name in names:
            path = os.path.join(folder, name)
            if os.path.isfile(path) and not os.path.islink(path):
                found.append(path)
    return sorted(found)


def said_version(means):
    if means == "sha256sum":
        return version_of_tool(means)
    return version("hashlib", default_start_method() if means == "processes" else None)


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in MEANS:
        sys.exit(__doc__)
    spread, model = MEANS[sys.argv[1]]
    workers = 1 if model == "sequential" else int(sys.argv[2])
    began = time.monotonic_ns()
    paths = files_below(sys.argv[3])
    digests = spread(paths, workers)
    worked = time.monotonic_ns() - began
    lines = b"".join(value.encode() + b"  " + path + b"\n" for value, path in zip(digests, paths))
    show(**{
        "scenario": "hasher",
        "model": model,
        "workers": workers,
        "version": said_version(sys.argv[1]),
        "phases": {"startup_ns": 0, "work_ns": worked, "shutdown_ns": 0},
        "cpu": cpu(),
        "outcome": {
            "items": len(paths),
            "failed": 0,
            "bytes": sum(os.path.getsize(path) for path in paths),
            "checksum": hashlib.sha256(lines).hexdigest(),
        },
    })


if __name__ == "__main__":
    main()
