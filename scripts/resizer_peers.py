#!/usr/bin/env python3
"""The resizers beside vipsthumbnail, Pillow and mogrify, on the same photos, to the same size and JPEG quality.

    scripts/resizer_peers.py                  everything, in 20 blocks: some half an hour on a quiet machine
    scripts/resizer_peers.py --quick          5 blocks: rough
    scripts/resizer_peers.py speed memory     only these parts

  speed    wall time with 2 workers: 24 photos of 12 megapixels and 12 of 24, to 400 and to 800 pixels.
           vipsthumbnail runs as two processes, each with half of the list, and with as many threads as it likes
           or with one (VIPS_CONCURRENCY=1): what counts is the quicker. Pillow is in a ProcessPoolExecutor(2).
  quality  PSNR and SSIM of what comes out against photos that were decoded whole and filtered with Lanczos, on
           stored values and in linear light, in 32-bit floating point (needs Pillow and numpy)
  memory   peak PSS of 24 photos of 12 megapixels to 800 pixels with 2 workers, and of a folder of bombs

Every contestant runs once a block, each in a fresh process, in an order shuffled by the seed; a first block warms up.
Ratios are paired by block. Builds the resizers and draws the photos. What is not installed is skipped and named. The
exit status is 1 if a figure is beyond its target.
"""

import argparse
import os
import random
import shlex
import shutil
import statistics
import struct
import subprocess
import sys
import tempfile
import zlib

from paired import estimate
from whole_process import Missing, peak, timed

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(HERE)
RELEASE = os.path.join(os.environ.get("CARGO_TARGET_DIR", os.path.join(ROOT, "target")), "release")
WORKERS = 2
QUALITY = 85
# How many times as long as ours each may take at the least.
TARGETS = {"vips": 1.2, "pillow": 3, "mogrify": 4}


def build():
    packages = [arg for package in ("resizer", "resizer-threads", "resizer-processes") for arg in ("-p", package)]
    cargo = ["cargo", "build", "--release", "--locked", "--quiet"]
    subprocess.run([*cargo, *packages], cwd=ROOT, check=True)
    subprocess.run([*cargo, "-p", "resizer-pixels", "--example", "one"], cwd=ROOT, check=True)


def photos(folder, count, width, height):
    """Paths of so many seeded photos of this size, mostly level."""
    where = os.path.join(folder, f"{width}x{height}")
    os.makedirs(where, exist_ok=True)
    paths = [os.path.join(where, f"photo-{number:02}.jpg") for number in range(count)]
    for number, path in enumerate(paths):
        lies = number % 4 == 2
        size = (height, width) if lies else (width, height)
        one = os.path.join(RELEASE, "examples", "one")
        args = [one, "photo", *map(str, size), str(number), "6" if lies else "1", path]
        if not os.path.exists(path):
            subprocess.run(args, stdout=subprocess.DEVNULL, check=True)
    return where, paths


def ours(model, where, side, out, *more):
    program = os.path.join(RELEASE, f"resizer-{model}")
    return [program, "--json", "--quiet", "--workers", str(WORKERS), "--size", str(side), "--quality", str(QUALITY),
            "--out", out, "--overwrite", "--recursive", *more, where]


def vips(paths, side, out, threads=None, more=""):
    if not shutil.which("vipsthumbnail"):
        raise Missing("vipsthumbnail is not installed")
    target = shlex.quote(os.path.join(out, f"%s.jpg[Q={QUALITY}]"))
    limit = f"export VIPS_CONCURRENCY={threads};" if threads else ""
    half = lambda part: f"vipsthumbnail {more} --size '{side}x{side}>' -o {target} {shlex.join(part)} & "
    script = limit + half(paths[::2]) + half(paths[1::2]) + "wait"
    return ["sh", "-c", script]


def reference(means, where, side, out):
    if means == "mogrify" and not (shutil.which("gm") or shutil.which("mogrify")):
        raise Missing("neither gm nor mogrify is installed")
    if means == "processes" and subprocess.run([sys.executable, "-c", "import PIL"], check=False).returncode:
        raise Missing("Pillow is not installed")
    return [sys.executable, os.path.join(HERE, "resizer_reference.py"), means, str(WORKERS), str(side), where, out]


def contestants(where, paths, side, out):
    """name: command of all that can run here; what cannot is named."""
    makers = {
        "threads": lambda: ours("threads", where, side, out),
        "processes": lambda: ours("processes", where, side, out),
        "vips": lambda: vips(paths, side, out),
        "vips, 1 thread": lambda: vips(paths, side, out, threads=1),
        "pillow": lambda: reference("processes", where, side, out),
        "mogrify": lambda: reference("mogrify", where, side, out),
    }
    commands = {}
    for name, make in makers.items():
        try:
            commands[name] = make()
        except Missing as error:
            print(f"speed   {name} skipped: {error}")
    return commands


def part_speed(folder, options):
    good = True
    for megapixels, count, size in ((12, 24, (4000, 3000)), (24, 12, (6000, 4000))):
        where, paths = photos(folder, count, *size)
        for side in (400, 800):
            with tempfile.TemporaryDirectory(dir=folder) as out:
                runs = blocks(contestants(where, paths, side, out), options)
            label = f"speed   {megapixels} MP to {side}"
            for name, walls in runs.items():
                print(f"{label} {name:14} {statistics.median(walls) / count * 1e3:.1f} ms a photo", flush=True)
            good &= judge(label, runs, options)
    return good


def blocks(commands, options):
    runs = {name: [] for name in commands}
    chance = random.Random(options.seed)
    for number in range(options.blocks + 1):
        order = list(commands)
        chance.shuffle(order)
        for name in order:
            wall, _ = timed(commands[name])
            if number:
                runs[name].append(wall)
    return runs


def judge(label, runs, options):
    good = True
    def ratio(above, below):
        point, low, high = estimate([a / b for a, b in zip(above, below)])
        return point, f"{point:.3f} ({low:.3f} to {high:.3f}), {options.blocks} blocks"
    for name, target in TARGETS.items():
        ways = [runs[way] for way in runs if way.split(",")[0] == name]
        if ways:
            quicker = min(ways, key=statistics.median)
            for model in ("threads", "processes"):
                point, text = ratio(quicker, runs[model])
                good &= point >= target
                print(f"{label} {name} / {model} = {text}: {'reaches' if point >= target else 'misses'} {target}")
    point, text = ratio(runs["processes"], runs["threads"])
    print(f"{label} processes / threads = {text}", flush=True)
    return good


def part_quality(folder, options):
    try:
        import numpy
        from PIL import Image
    except ImportError as error:
        raise Missing(error) from error
    where, paths = photos(folder, 6, 4000, 3000)
    # At a quarter, three eighths, a half and five eighths of the size, each of them.
    for side in (400, 600, 800, 1200):
        found = {}
        for name, command in {
            "ours": lambda out: ours("threads", where, side, out),
            "ours --fast": lambda out: ours("threads", where, side, out, "--fast"),
            "ours --linear": lambda out: ours("threads", where, side, out, "--linear"),
            "vips": lambda out: vips(paths, side, out),
            "vips --linear": lambda out: vips(paths, side, out, more="--linear"),
            "pillow": lambda out: reference("processes", where, side, out),
        }.items():
            with tempfile.TemporaryDirectory(dir=folder) as out:
                try:
                    timed(command(out))
                except Missing as error:
                    print(f"quality {name} skipped: {error}")
                    continue
                files = [os.path.join(at, file) for at, _, names in os.walk(out) for file in names]
                files.sort()
                found[name] = [(numpy.asarray(Image.open(file).convert("RGB"), dtype="f4"), os.path.getsize(file))
                               for file in files]
        references = [references_of(path, side) for path in paths]
        for name, pictures in found.items():
            figures = []
            for light in (0, 1):
                pairs = [(picture, reference[light]) for (picture, _), reference in zip(pictures, references)]
                figures.append(f"{statistics.mean(psnr(*pair) for pair in pairs):.2f} dB, "
                               f"SSIM {statistics.mean(ssim(*pair) for pair in pairs):.4f}")
            size = statistics.mean(size for _, size in pictures)
            print(f"quality 12 MP to {side} {name:14} stored light {figures[0]}; linear light {figures[1]}; "
                  f"{size / 1e3:.1f} kB", flush=True)
    return True


def references_of(path, side):
    """The photo of this path, upright, decoded whole, by Lanczos on stored values and in linear light (IEC 61966-2-1)."""
    import numpy
    from PIL import Image, ImageOps
    with Image.open(path) as file:
        stored = numpy.asarray(ImageOps.exif_transpose(file).convert("RGB"), dtype="f4") / 255
    scale = min(side / stored.shape[1], side / stored.shape[0])
    size = (round(stored.shape[1] * scale), round(stored.shape[0] * scale))

    def smaller(values):
        channels = [Image.fromarray(values[..., channel]).resize(size, Image.Resampling.LANCZOS) for channel in range(3)]
        return numpy.stack([numpy.asarray(channel) for channel in channels], axis=-1)

    light = numpy.where(stored <= 0.04045, stored / 12.92, ((stored + 0.055) / 1.055) ** 2.4)
    small = numpy.clip(smaller(light), 0, 1)
    back = numpy.where(small <= 0.0031308, small * 12.92, 1.055 * small ** (1 / 2.4) - 0.055)
    return numpy.clip(smaller(stored), 0, 1) * 255, back * 255


def psnr(one, other):
    import numpy
    return 10 * numpy.log10(255**2 / numpy.mean((one - other) ** 2))


def ssim(one, other):
    """Of brightness, in windows of 8 by 8 pixels that do not overlap (Wang et al., 2004, with flat windows)."""
    import numpy
    weights = numpy.array([0.299, 0.587, 0.114], dtype="f4")

    def windows(picture):
        grey = picture @ weights
        high, wide = grey.shape[0] // 8 * 8, grey.shape[1] // 8 * 8
        return grey[:high, :wide].reshape(high // 8, 8, wide // 8, 8).transpose(0, 2, 1, 3).reshape(-1, 64)

    a, b = windows(one), windows(other)
    mean_a, mean_b = a.mean(1), b.mean(1)
    covariance = ((a - mean_a[:, None]) * (b - mean_b[:, None])).mean(1)
    c1, c2 = (0.01 * 255) ** 2, (0.03 * 255) ** 2
    above = (2 * mean_a * mean_b + c1) * (2 * covariance + c2)
    below = (mean_a**2 + mean_b**2 + c1) * (a.var(1) + b.var(1) + c2)
    return float((above / below).mean())


def part_memory(folder, options):
    where, _ = photos(folder, 24, 4000, 3000)
    # 12 megapixels to 800 pixels: decoded at half the size, three bytes a pixel.
    bound = WORKERS * 2000 * 1500 * 3 + 30e6
    good = True
    bombs = make_bombs(folder)
    for model in ("threads", "processes"):
        with tempfile.TemporaryDirectory(dir=folder) as out:
            found = max(peak(ours(model, where, 800, out)) for _ in range(3))
            exploded = max(peak(ours(model, bombs, 800, out), accepted=(1,)) for _ in range(3))
        good &= found <= bound and exploded <= bound
        print(f"memory  {model:10} {found / 1e6:.1f} MB, of at most {bound / 1e6:.1f} MB; "
              f"a folder of bombs {exploded / 1e6:.1f} MB", flush=True)
    return good


def make_bombs(folder):
    """A folder of files of a few kB whose headers ask for gigabytes; their pixels are sound, as far as they go."""
    where = os.path.join(folder, "bombs")
    os.makedirs(where, exist_ok=True)

    def chunk(name, content):
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    zeros = zlib.compress(bytes(50_000_000), 9)
    files = {
        "png-60000.png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 60_000, 60_000, 8, 6, 0, 0, 0))
        + chunk(b"IDAT", zeros) + chunk(b"IEND", b""),
        "png-profile.png": b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 8, 8, 8, 2, 0, 0, 0))
        + chunk(b"iCCP", b"bomb\0\0" + zlib.compress(bytes(900_000_000), 9)) + chunk(b"IDAT", b"") + chunk(b"IEND", b""),
        "gif-65535.gif": b"GIF89a" + struct.pack("<HHBBB", 65_535, 65_535, 0x80, 0, 0) + bytes(6)
        + b"\x2c" + struct.pack("<HHHHB", 0, 0, 65_535, 65_535, 0) + b"\x02\x02\x4c\x01\x00\x3b",
        "bmp-60000.bmp": b"BM" + struct.pack("<IHHI", 54, 0, 0, 54)
        + struct.pack("<IiiHHIIiiII", 40, 60_000, 60_000, 1, 24, 0, 0, 0, 0, 0, 0),
        "tiff-60000.tif": b"II*\0\x08\0\0\0\x07\0" + b"".join(
            struct.pack("<HHII", tag, 4, 1, value) for tag, value in
            ((256, 60_000), (257, 60_000), (258, 8), (259, 1), (262, 1), (273, 8), (279, 3_600_000_000))) + bytes(4),
        "webp-16383.webp": b"RIFF" + struct.pack("<I", 22) + b"WEBPVP8L" + struct.pack("<I", 10)
        + b"\x2f\xfe\xbf\xff\x0f" + bytes(5),
    }
    for name, content in files.items():
        with open(os.path.join(where, name), "wb") as file:
            file.write(content)
    # A photo whose frame header says 65,500 a side.
    with open(photos(folder, 1, 4000, 3000)[1][0], "rb") as file:
        photo = bytearray(file.read()[:200_000])
    frame = photo.index(b"\xff\xc0")
    photo[frame + 5:frame + 9] = struct.pack(">HH", 65_500, 65_500)
    with open(os.path.join(where, "jpeg-65500.jpg"), "wb") as file:
        file.write(photo)
    return where


PARTS = {"speed": part_speed, "quality": part_quality, "memory": part_memory}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", choices=[*PARTS, []], metavar="PART", help="; ".join(PARTS))
    parser.add_argument("--quick", dest="blocks", action="store_const", const=5, default=20, help="5 blocks")
    parser.add_argument("--blocks", type=int, help="so many blocks")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", help="where photos are drawn, and kept (a temporary folder)")
    options = parser.parse_args()
    build()
    good = True
    with tempfile.TemporaryDirectory(prefix="resizer-peers-") as temporary:
        for part in options.parts or PARTS:
            try:
                good &= PARTS[part](options.folder or temporary, options)
            except Missing as error:
                print(f"{part:7} skipped: {error}")
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
