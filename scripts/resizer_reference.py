#!/usr/bin/env python3
"""Reference programs for the resizer: the same job by other means, with the same run record.

    resizer_reference.py sequential WORKERS CASE DIR OUT   Pillow, one picture after another
    resizer_reference.py threads    WORKERS CASE DIR OUT   Pillow in a ThreadPoolExecutor
    resizer_reference.py processes  WORKERS CASE DIR OUT   Pillow in a ProcessPoolExecutor
    resizer_reference.py vips       WORKERS CASE DIR OUT   vipsthumbnail, WORKERS of them at once
    resizer_reference.py mogrify    WORKERS CASE DIR OUT   GraphicsMagick's or ImageMagick's, WORKERS at once

Resizes the JPEGs below DIR into OUT, to the size of CASE (or so many pixels a side), as JPEG of quality 85, with the
orientation of EXIF applied.
Pillow decodes at a smaller scale (draft, at least twice the target) and filters with Lanczos; vipsthumbnail does as it
does by default; mogrify is told the size (-size for the decoder, at least twice the target) and filters with Lanczos.
Each process of a tool gets a bundle of pictures of one folder.

Prints one run record as JSON on stdout. Its checksum is over digest and name of each output, in order, as the
resizer's is, but the pixels are the tool's own. Digests are made when all is done, outside of the work that the record
tells of; `versus` sees all of it. Where a tool or Pillow is not there, it ends with status 77 and says so.
"""

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from functools import partial

from run_record import cpu, default_start_method, file_digest, not_run, show, version, version_of_tool

SIDES = {"large": 800, "small": 160, "mixed": 400, "huge": 800, "bad": 400}
QUALITY = 85
# Programs of others, by what they are asked for here.
TOOLS = {"vips": "vipsthumbnail", "mogrify": "mogrify"}


def with_pillow(side, out, task):
    """Whether it worked. One that did not is named on stderr."""
    from PIL import Image, ImageOps

    Image.MAX_IMAGE_PIXELS = 200_000_000
    path, relative = task
    try:
        with Image.open(path) as picture:
            picture.draft("RGB", (2 * side, 2 * side))
            picture = ImageOps.exif_transpose(picture)
            picture.thumbnail((side, side), Image.Resampling.LANCZOS, reducing_gap=None)
            picture.save(os.path.join(out, relative), quality=QUALITY)
        return True
    except (OSError, ValueError, Image.DecompressionBombError) as error:
        print(f"{path}: {error}", file=sys.stderr)
        return False


def sequentially(tasks, workers, side, out):
    return [with_pillow(side, out, task) for task in tasks]


def by_threads(tasks, workers, side, out):
    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(partial(with_pillow, side, out), tasks))


def by_processes(tasks, workers, side, out):
    # Some chunks a worker, so that the end is balanced.
    chunk = max(1, len(tasks) // (workers * 8))
    with ProcessPoolExecutor(workers) as pool:
        return list(pool.map(partial(with_pillow, side, out), tasks, chunksize=chunk))


def by_tool(command, tasks, workers, out):
    """Runs `command(folder, names)` on bundles of pictures of one folder, in that folder, WORKERS at once."""
    folders = {}
    for path, relative in tasks:
        place = (os.path.dirname(path), os.path.abspath(os.path.join(out, os.path.dirname(relative))))
        folders.setdefault(place, []).append(os.path.basename(path))
    size = max(1, min(25, -(-len(tasks) // (workers * 2))))
    bundles = [(*place, names[at:at + size]) for place, names in folders.items() for at in range(0, len(names), size)]
    # mogrify: one thread each, as many processes as workers are at work already. vipsthumbnail: its own default, which
    # was no slower.
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MAGICK_THREAD_LIMIT": "1"}

    def run(bundle):
        source, target, names = bundle
        # Whether it worked is seen by what is there: some of a bundle may have.
        subprocess.run(command(target, names), cwd=source, env=environment, stdout=subprocess.DEVNULL, check=False)

    with ThreadPoolExecutor(workers) as pool:
        list(pool.map(run, bundles))
    return [os.path.exists(os.path.join(out, relative)) for _, relative in tasks]


def by_vips(tasks, workers, side, out):
    tool = needed("vipsthumbnail")

    def command(target, names):
        form = os.path.join(target, f"%s.jpg[Q={QUALITY}]")
        return [tool, "--size", f"{side}x{side}>", "--output", form, *names]

    return by_tool(command, tasks, workers, out)


def by_mogrify(tasks, workers, side, out):
    gm = shutil.which("gm")
    tool = [gm, "mogrify"] if gm else [needed("mogrify")]

    def command(target, names):
        where = ["-output-directory" if gm else "-path", target]
        how = ["-size", f"{2 * side}x{2 * side}"] if gm else ["-define", f"jpeg:size={2 * side}x{2 * side}"]
        how += ["-auto-orient", "-filter", "Lanczos", "-resize", f"{side}x{side}>", "-quality", str(QUALITY)]
        return [*tool, *where, *how, *names]

    return by_tool(command, tasks, workers, out)


def needed(tool):
    return shutil.which(tool) or not_run(f"there is no {tool} here")


MEANS = {
    "sequential": (sequentially, "sequential"),
    "threads": (by_threads, "threads"),
    "processes": (by_processes, "processes"),
    "vips": (by_vips, "processes"),
    "mogrify": (by_mogrify, "processes"),
}


def pictures_below(top):
    """JPEGs, in the byte order of their paths, each with its path below `top`."""
    found = []
    for folder, _, names in os.walk(top):
        found += [os.path.join(folder, name) for name in names if name.endswith(".jpg")]
    return [(path, os.path.relpath(path, top)) for path in sorted(found, key=os.fsencode)]


def line(out, relative, worked):
    if not worked:
        return f"failed  {relative}\n".encode()
    with open(os.path.join(out, relative), "rb") as file:
        return f"{file_digest(file)}  {relative}\n".encode()


def said_version(means):
    if means in TOOLS:
        return version_of_tool(TOOLS[means])
    # Its package alone, which is there already where one process does it all.
    import PIL

    pillow = f"Pillow {PIL.__version__}"
    return version(pillow, default_start_method() if means == "processes" else None)


def main():
    if len(sys.argv) != 6 or sys.argv[1] not in MEANS or not (sys.argv[3] in SIDES or sys.argv[3].isdigit()):
        sys.exit(__doc__)
    spread, model = MEANS[sys.argv[1]]
    if sys.argv[1] not in TOOLS and not importlib.util.find_spec("PIL"):
        not_run("this Python has no Pillow")
    workers = 1 if model == "sequential" else int(sys.argv[2])
    side, top, out = SIDES.get(sys.argv[3]) or int(sys.argv[3]), sys.argv[4], sys.argv[5]
    began = time.monotonic_ns()
    tasks = pictures_below(top)
    # What an earlier run has left would look like this one's.
    shutil.rmtree(out, ignore_errors=True)
    for folder in {os.path.dirname(relative) for _, relative in tasks}:
        os.makedirs(os.path.join(out, folder), exist_ok=True)
    results = spread(tasks, workers, side, out)
    worked = time.monotonic_ns() - began
    done = cpu()
    lines = b"".join(line(out, relative, result) for (_, relative), result in zip(tasks, results))
    show(**{
        "scenario": "resizer",
        "model": model,
        "workers": workers,
        "version": said_version(sys.argv[1]),
        "phases": {"startup_ns": 0, "work_ns": worked, "shutdown_ns": 0},
        "cpu": done,
        "outcome": {
            "items": len(tasks),
            "failed": results.count(False),
            "bytes": sum(os.path.getsize(path) for (path, _), result in zip(tasks, results) if result),
            "checksum": hashlib.sha256(lines).hexdigest(),
        },
    })
    sys.exit(1 if False in results else 0)


if __name__ == "__main__":
    main()
