#!/usr/bin/env python3
"""Reference programs for the downloader: the same job by other means, with the same run record.

    downloader_reference.py sequential WORKERS LIST   http.client, one page after another; WORKERS is not looked at
    downloader_reference.py threads    WORKERS LIST   http.client in a ThreadPoolExecutor
    downloader_reference.py processes  WORKERS LIST   http.client in a ProcessPoolExecutor
    downloader_reference.py asyncio    WORKERS LIST   asyncio's streams, WORKERS pages at once
    downloader_reference.py curl       WORKERS LIST   one curl -Z, WORKERS pages at once

LIST is a file with a URL a line. Nothing is kept: pages are hashed as they come. Prints one run record as JSON on
stdout. Its checksum is over what the downloader's own is (path, status, bytes, digest of every page), so `versus`
holds it to the same answer. Python: the standard library alone, with a connection for each worker that is used
again; asyncio has no HTTP client there, so what its streams need of HTTP/1.1 is in downloader_asyncio.py. curl writes pages to files (in memory, where the system has a place for
that: making them on a disk can cost more than to fetch them), which are hashed when all are there, outside of the
work that the record tells of; `versus` sees all of it.
"""

import gzip
import hashlib
import http.client
import os
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from urllib.parse import urlsplit

import downloader_asyncio
from run_record import cpu, default_start_method, file_digest, not_run, show, version, version_of_tool

# A connection for each thread, or each process, to the one site that there is.
mine = threading.local()


def fetch(url):
    parts = urlsplit(url)
    path = f"{parts.path}?{parts.query}" if parts.query else parts.path
    if getattr(mine, "place", None) != parts.netloc:
        mine.place = parts.netloc
        mine.connection = http.client.HTTPConnection(parts.netloc, timeout=30)
    mine.connection.request("GET", path, headers={"Accept-Encoding": "gzip"})
    answer = mine.connection.getresponse()
    body = answer.read()
    if answer.headers.get("Content-Encoding") == "gzip":
        body = gzip.decompress(body)
    return path, answer.status, len(body), hashlib.sha256(body).hexdigest()


def sequentially(urls, _):
    return [fetch(url) for url in urls]


def by_threads(urls, workers):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(fetch, urls))


def by_processes(urls, workers):
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(fetch, urls))


def by_curl(urls, workers, folder):
    if not shutil.which("curl"):
        not_run("there is no curl here")
    config = "".join(f'url = "{url}"\noutput = "{folder}/{number}"\n' for number, url in enumerate(urls))
    done = subprocess.run(
        ["curl", "--no-progress-meter", "--parallel-immediate", "--noproxy", "*", "--compressed", "--parallel", "--parallel-max", str(workers),
         "--write-out", "%{urlnum} %{http_code}\\n", "--config", "-"],
        input=config.encode(), stdout=subprocess.PIPE, check=True)
    return dict(map(int, line.split()) for line in done.stdout.splitlines())


def hashed(url, status, file):
    parts = urlsplit(url)
    with open(file, "rb") as page:
        digest = file_digest(page)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path, status, os.path.getsize(file), digest


def measured(means, urls, workers):
    """The pages, and for how long they were fetched."""
    if means == "curl":
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        with tempfile.TemporaryDirectory(dir=memory) as folder:
            began = time.monotonic_ns()
            statuses = by_curl(urls, workers, folder)
            worked = time.monotonic_ns() - began
            return [hashed(url, statuses[number], f"{folder}/{number}") for number, url in enumerate(urls)], worked
    began = time.monotonic_ns()
    pages = MEANS[means](urls, min(workers, len(urls)))
    return pages, time.monotonic_ns() - began


MEANS = {"sequential": sequentially, "threads": by_threads, "processes": by_processes, "asyncio": downloader_asyncio.fetch_all}
MODELS = {"sequential": "sequential", "asyncio": "async", "threads": "threads", "processes": "processes", "curl": "async"}


def said_version(means):
    if means == "curl":
        return version_of_tool(means)
    library = "asyncio's streams" if means == "asyncio" else "http.client"
    return version(library, default_start_method() if means == "processes" else None)


def main():
    if len(sys.argv) != 4 or sys.argv[1] not in MODELS:
        sys.exit(__doc__)
    means = sys.argv[1]
    workers = 1 if means == "sequential" else int(sys.argv[2])
    with open(sys.argv[3], encoding="utf-8") as file:
        urls = file.read().split()
    pages, worked = measured(means, urls, workers)
    lines = "".join(f"{path} {status} {size} {digest}\n" for path, status, size, digest in pages)
    show(**{
        "scenario": "downloader",
        "model": MODELS[means],
        "workers": workers,
        "version": said_version(means),
        "phases": {"startup_ns": 0, "work_ns": worked, "shutdown_ns": 0},
        "cpu": cpu(),
        "outcome": {
            "items": len(pages),
            "failed": sum(status >= 400 for _, status, _, _ in pages),
            "bytes": sum(size for _, _, size, _ in pages),
            "checksum": hashlib.sha256(lines.encode()).hexdigest(),
        },
    })


if __name__ == "__main__":
    main()
