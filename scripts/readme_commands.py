#!/usr/bin/env python3
"""Runs every command that stands in a README, as it is written there.

    readme_commands.py             runs them all, and names those that fail; exit status 1 if one does
    readme_commands.py --list      what would become of each
    readme_commands.py --only NAME only those of files whose path contains NAME

A command is each line of a block of `sh`, in the READMEs, METHODOLOGY.md and CONTRIBUTING.md; a line that ends with a
backslash goes on. They are run in a copy of the tracked files, so that nothing of yours is written to, and by the
programs of this workspace (release builds are used again). What takes minutes is not run here: ELSEWHERE says why, and
which step of .ci/run does it, or that it is only for whoever makes the figures. What needs somebody's photos or pages
gets samples: samples() makes them. A command that fits nowhere is run as it is; so nothing is skipped by chance.
"""

import argparse
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PAGES = ["README.md", "METHODOLOGY.md", "CONTRIBUTING.md", "scripts/README.md", "benches/README.md"]
# An example that is built before it runs takes longest.
LIMIT_S = 300

# What is not run here: how it begins, why not, and the step of .ci/run that runs it or something shorter (None: nobody
# but who makes figures, by scripts/regenerate.sh or by hand).
ELSEWHERE = [
    (r"cargo run --release -p versus$", "measures for minutes", "the main command"),
    (r"cargo versus run ", "measures for minutes; quickly, for all scenarios, in", "the main command"),
    (r"cargo test", "runs for minutes", "tests, by the command of the README"),
    (r"cargo clippy", "builds for minutes", "clippy"),
    (r"cargo fmt", "changes sources; only looked at in", "format"),
    (r"cargo bench", "measures for minutes; each bench once in", "every bench once"),
    (r"cargo doc", "opens a browser; without one in", "documentation"),
    (r"cargo run --release -p benches --bin (mechanisms|ways|figures)", "measures for minutes", None),
    (r"scripts/\w+_peers\.py", "needs programs of others, and measures for minutes", None),
    (r"scripts/regenerate\.sh --measure", "measures for an hour", None),
    (r"scripts/(readme_commands\.py|regenerate\.sh)$", "this, or all of results/ anew", None),
    (r"\.ci/run", "runs this script", None),
]

# What may end with status 1, if it says so.
MAY_FAIL = [
    (r"cargo versus check$", "this machine is not quiet"),
    # One page of three is not there, so that there is one for --failed.
    (r".*downloader-async .*--input-file", "/gone: answered 404"),
]

# The pages of a server of this script stand for those of others.
ELSEBODYS = "https://example.org"


def readmes():
    found = [ROOT / page for page in PAGES] + sorted(ROOT.glob("crates/*/README.md"))
    return [page for page in found if page.exists()]


def commands(page):
    """(line, command) of every command in the blocks of `sh` of a page."""
    found, inside, begun = [], False, ""
    for number, line in enumerate(page.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip().startswith("```"):
            inside = not inside and line.strip() == "```sh"
            continue
        if not inside or not line.strip() or line.lstrip().startswith("#"):
            continue
        begun += line.strip()
        if begun.endswith("\\"):
            begun = begun[:-1]
            continue
        found.append((number, re.sub(r"\s+#\s.*$", "", begun)))
        begun = ""
    return found


def elsewhere(command):
    """Why a command is not run here, and where it is; None if it is run."""
    for pattern, why, step in ELSEWHERE:
        if re.match(pattern, command):
            return "%s %s" % (why, "the CI step \"%s\"" % step if step else "(by whoever makes the figures)")
    return None


def missing_steps():
    """Steps that ELSEWHERE names and .ci/run does not have."""
    steps = re.findall(r'^step "(.*)"', (ROOT / ".ci" / "run").read_text(encoding="utf-8"), re.MULTILINE)
    return sorted({step for _, _, step in ELSEWHERE if step and step not in steps})


def copy_to(folder):
    """Copies all files that git knows of or would add."""
    listed = subprocess.run(["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"], cwd=str(ROOT),
                            stdout=subprocess.PIPE, check=True).stdout.decode().split("\0")
    for name in filter(None, listed):
        source, target = ROOT / name, folder / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(str(source), str(target))


def programs(folder):
    """A folder for PATH: our programs, and a cargo that builds in this workspace and runs where it is called.

    All are built at once, as versus builds them. Cargo would build what they stand on anew for each `-p`, with what
    features this one needs: so one that is there is started without it.
    """
    folder.mkdir()
    cargo = shutil.which("cargo")
    if not cargo:
        raise OSError("no cargo: it comes with Rust, https://rustup.rs")
    scenarios = sorted(ROOT.glob("crates/*/scenario.toml"))
    named = {name for scenario in scenarios
             for name in re.findall(r'^package = "(.*)"', scenario.read_text(encoding="utf-8"), re.MULTILINE)}
    build = [cargo, "build", "--release", "--locked", "--quiet"]
    for packages in (sorted(named), ["versus"]):
        chosen = [word for package in packages for word in ("-p", package)]
        subprocess.run(build + chosen, cwd=str(ROOT), check=True)
    (folder / "cargo").write_text("""#!/bin/sh
case $1 in versus) shift; set -- run --release -p versus -- "$@" ;; esac
here=$(dirname "$0")
if [ "$1 $2 $3" = "run --release -p" ] && [ -x "$here/$4" ] && { [ $# = 4 ] || [ "$5" = -- ]; }; then
    program=$4; shift 4; [ $# = 0 ] || shift
    exec "$here/$program" "$@"
fi
subcommand=$1; shift
exec %s "$subcommand" --manifest-path %s --locked "$@"
""" % (shlex.quote(cargo), shlex.quote(str(ROOT / "Cargo.toml"))), encoding="utf-8")
    (folder / "cargo").chmod(0o755)
    for name in named | {"versus"}:
        (folder / name).symlink_to(ROOT / "target" / "release" / name)


def samples(folder, environment):
    """What the examples take for granted: photos here and in PHOTOS, and a site that has two of three pages."""
    make = ["cargo", "run", "--quiet", "--release", "-p", "resizer", "--", "--make-sample", "PHOTOS", "--case", "small"]
    subprocess.run(make, cwd=str(folder), env=environment, check=True, stdout=subprocess.DEVNULL)
    for photo in sorted((folder / "PHOTOS").rglob("*.jpg"))[:3]:
        shutil.copy2(str(photo), str(folder))
    site = folder / "site"
    site.mkdir()
    for page in "ab":
        (site / page).write_text("page %s\n" % page, encoding="utf-8")
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    origin = "http://127.0.0.1:%d" % server.server_port
    for urls in ("urls.txt", "again.txt"):
        (folder / urls).write_text("".join("%s/%s\n" % (origin, page) for page in ("a", "b", "gone")), encoding="utf-8")
    return origin


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Nobody wants to know."""


def run(command, folder, environment):
    """What a command says when it fails, or None; and how long it took."""
    begun = time.monotonic()
    # A session of its own: so whatever it has started is ended with it. pipefail: `find | wc` hides nothing.
    process = subprocess.Popen(["bash", "-o", "pipefail", "-c", command], cwd=str(folder), env=environment,
                               stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                               start_new_session=True)
    try:
        said, status = process.communicate(timeout=LIMIT_S)[0], process.returncode
        told = any(re.match(pattern, command) and words.encode() in said for pattern, words in MAY_FAIL)
        failure = None if status == 0 or status == 1 and told else "ended with status %d" % status
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        said, failure = process.communicate()[0], "not done after %d s" % LIMIT_S
    if failure:
        failure += "\n" + "\n".join(said.decode(errors="replace").splitlines()[-15:])
    return failure, time.monotonic() - begun


def run_all(found):
    failures = 0
    with tempfile.TemporaryDirectory() as folder:
        copy, path = Path(folder) / "copy", Path(folder) / "bin"
        copy_to(copy)
        programs(path)
        environment = dict(os.environ, PATH="%s:%s" % (path, os.environ["PATH"]))
        origin = samples(copy, environment)
        done = set()
        for where, command in found:
            if elsewhere(command) or command in done:
                continue
            done.add(command)
            failure, seconds = run(command.replace(ELSEBODYS, origin), copy, environment)
            print("%5.1f s  %s  %s%s" % (seconds, where, command, ": " + failure if failure else ""), flush=True)
            failures += failure is not None
    return failures


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="what would become of each command")
    parser.add_argument("--only", metavar="NAME", default="", help="only of files whose path contains NAME")
    args = parser.parse_args()
    pages = [(str(page.relative_to(ROOT)), page) for page in readmes()]
    found = [("%s:%d" % (name, line), command)
             for name, page in pages if args.only in name for line, command in commands(page)]
    if not found:
        parser.error("no page with commands is called like %s" % args.only)
    absent = missing_steps()
    if absent:
        print("readme_commands.py: .ci/run has no step called: %s" % ", ".join(absent), file=sys.stderr)
        return 1
    if args.list:
        for where, command in found:
            print("%s  %s  [%s]" % (where, command, elsewhere(command) or "run"))
        return 0
    failures = run_all(found)
    if failures:
        print("readme_commands.py: %d commands of the pages fail, see above" % failures, file=sys.stderr)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
