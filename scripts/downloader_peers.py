#!/usr/bin/env python3
"""The downloaders beside `curl -Z`, on the same site and the same pages.

    scripts/downloader_peers.py               everything, in 20 blocks: some ten minutes on a quiet machine
    scripts/downloader_peers.py --quick       5 blocks: rough
    scripts/downloader_peers.py cpu rate      only these parts

  cpu     CPU time a page: 2,000 pages of 10 kB, 50 ms away, 50 at once; and the wall time, of ideal 2.00 s
  rate    pages a second: 5,000 pages of 10 kB, no distance away, 50 at once
  keep    as cpu, but every page is kept in a file; for that there is no target
  memory  peak PSS of 10,000 pages, 50 ms away, 1,000 at once; and of pages of 1 MB and of 100 MB

Every contestant runs once a block, each in a fresh process, in an order shuffled by the seed. Ratios are
paired by block. curl writes to /dev/null unless pages are kept, and hashes nothing, which ours do. Builds the
downloaders and the site. The exit status is 1 if a figure is beyond its target.
"""

import argparse
import contextlib
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile

from paired import estimate
from whole_process import Missing, peak, timed

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
RELEASE = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
MODELS = ("threads", "async", "processes")
PACKAGES = ("downloader-site", *(f"downloader-{model}" for model in MODELS))
CURL = ("curl", "--no-progress-meter", "--noproxy", "*", "--parallel", "--config", "-")
MOST_MEMORY = 150e6


def build():
    packages = [arg for package in PACKAGES for arg in ("-p", package)]
    subprocess.run(["cargo", "build", "--release", "--locked", "--quiet", *packages], cwd=ROOT, check=True)


@contextlib.contextmanager
def site():
    """A site on loopback: where its pages are."""
    command = [os.path.join(RELEASE, "downloader-site"), "--until-stdin-closes", "--quiet"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:
        yield server.stdout.readline().split()[-1].rstrip("/")
        server.stdin.close()


class Pages:
    """What is downloaded, and the commands that do it."""

    def __init__(self, base, folder, count, query, at_once):
        self.urls = [f"{base}/page/{number}?{query}" for number in range(1, count + 1)]
        self.folder, self.at_once = folder, at_once
        self.list = os.path.join(folder, "urls.txt")
        with open(self.list, "w", encoding="utf-8") as file:
            file.writelines(f"{url}\n" for url in self.urls)

    def ours(self, model, keep=None):
        command = [os.path.join(RELEASE, f"downloader-{model}"), "--json", "--quiet", "--no-proxy"]
        out = ["--out", keep] if keep else []
        return [*command, "--workers", str(self.at_once), "--input-file", self.list, *out], None

    def curl(self, keep=None):
        if not shutil.which("curl"):
            raise Missing("curl is not installed")
        files = (f"{keep}/{number}" if keep else "/dev/null" for number in range(len(self.urls)))
        text = "".join(f'url = "{url}"\noutput = "{file}"\n' for url, file in zip(self.urls, files))
        return [*CURL, "--parallel-max", str(self.at_once)], text.encode()


def blocks(pages, options, keep=False):
    """name: [(wall, CPU) of every block], after a block that warms up."""
    runs = {}
    chance = random.Random(options.seed)
    for number in range(options.blocks + 1):
        names = [*MODELS, "curl"]
        chance.shuffle(names)
        for name in names:
            with tempfile.TemporaryDirectory(dir=pages.folder) as folder:
                kept = folder if keep else None
                found = timed(*(pages.curl(kept) if name == "curl" else pages.ours(name, kept)))
            if number:
                runs.setdefault(name, []).append(found)
    return runs


def against_curl(part, runs, which, better, blocks_):
    """Whether no estimate of ours / curl's is beyond 1 on the wrong side."""
    good = True
    for model in MODELS:
        ratios = [ours[which] / theirs[which] for ours, theirs in zip(runs[model], runs["curl"])]
        if better == "more":
            ratios = [1 / ratio for ratio in ratios]
        point, low, high = estimate(ratios)
        fine = point <= 1 if better == "less" else point >= 1
        good &= fine or model == "processes"
        print(f"{part:7} {model:10} / curl = {point:.3f} ({low:.3f} to {high:.3f}), {blocks_} blocks: "
              f"{'as good or better' if fine else 'worse'}", flush=True)
    return good


def part_cpu(base, folder, options, keep=False):
    part = "keep" if keep else "cpu"
    pages = Pages(base, folder, 2_000, "size=10kB&latency=50ms", 50)
    runs = blocks(pages, options, keep)
    for name, found in runs.items():
        wall, cpu = (statistics.median(column) for column in zip(*found))
        print(f"{part:7} {name:10} {cpu / len(pages.urls) * 1e6:.1f} us of CPU time a page, {wall:.2f} s")
    return against_curl(part, runs, 1, "less", options.blocks) or keep


def part_keep(base, folder, options):
    return part_cpu(base, folder, options, keep=True)


def part_rate(base, folder, options):
    pages = Pages(base, folder, 5_000, "size=10kB", 50)
    runs = blocks(pages, options)
    for name, found in runs.items():
        wall = statistics.median(wall for wall, _ in found)
        print(f"rate    {name:10} {len(pages.urls) / wall:,.0f} pages a second")
    return against_curl("rate", runs, 0, "more", options.blocks)


def part_memory(base, folder, options):
    good = True
    many = Pages(base, folder, 10_000, "size=10kB&latency=50ms", 1_000)
    for model in MODELS:
        found = peak(many.ours(model)[0])
        good &= model != "async" or found < MOST_MEMORY
        print(f"memory  {model:10} {found / 1e6:.1f} MB for 10,000 pages, 1,000 at once", flush=True)
    for model in MODELS:
        sizes = [peak(Pages(base, folder, 2, f"size={size}", 2).ours(model)[0]) for size in ("1MB", "100MB")]
        print(f"memory  {model:10} {sizes[0] / 1e6:.1f} MB for pages of 1 MB, {sizes[1] / 1e6:.1f} MB for pages of 100 MB")
    return good


PARTS = {"cpu": part_cpu, "rate": part_rate, "keep": part_keep, "memory": part_memory}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help="; ".join(PARTS))
    parser.add_argument("--quick", dest="blocks", action="store_const", const=5, default=20, help="5 blocks")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    build()
    good = True
    with site() as base, tempfile.TemporaryDirectory(prefix="downloader-peers-") as folder:
        for part in options.parts or PARTS:
            try:
                good &= PARTS[part](base, folder, options)
            except Missing as error:
                print(f"{part:7} skipped: {error}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
