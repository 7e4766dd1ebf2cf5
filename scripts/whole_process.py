"""Runs of whole programs, with all of their processes together, for the scripts here."""

import contextlib
import os
import resource
import subprocess
import threading
import time


class Missing(Exception):
    """Something that a part needs is not there."""


def timed(command, given=None, accepted=(0,)):
    """Wall and CPU seconds of a run, all of its processes together."""
    def cpu():
        usage = resource.getrusage(resource.RUSAGE_CHILDREN)
        return usage.ru_utime + usage.ru_stime
    before, began = cpu(), time.monotonic()
    done = subprocess.run(command, input=given, stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    wall = time.monotonic() - began
    if done.returncode not in accepted:
        raise SystemExit(f"{command[0]}: status {done.returncode}\n{done.stderr.decode().strip()}")
    return wall, cpu() - before


def peak(command, accepted=(0,)):
    """The greatest PSS of a program and its descendants, of looks 10 ms apart, in bytes."""
    if not os.path.exists("/proc/self/smaps_rollup"):
        raise Missing("this system does not tell PSS")
    greatest = 0
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as program:
        look = threading.Event()
        while program.poll() is None:
            greatest = max(greatest, sum(map(pss, tree(program.pid))))
            look.wait(0.01)
    if program.returncode not in accepted:
        raise SystemExit(f"{command[0]}: status {program.returncode}")
    return greatest


def tree(pid):
    """A process and its descendants, whichever thread has started them."""
    found = [pid]
    with contextlib.suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with open(f"/proc/{pid}/task/{thread}/children", encoding="ascii") as file:
                found += [one for child in file.read().split() for one in tree(int(child))]
    return found


def pss(pid):
    try:
        with open(f"/proc/{pid}/smaps_rollup", encoding="ascii") as file:
            return sum(int(line.split()[1]) * 1024 for line in file if line.startswith("Pss:"))
    except OSError:
        return 0
