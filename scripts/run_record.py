"""What all reference programs print: one run record, as crates/harness/src/record.rs describes it.

Not a program itself: the *_reference.py beside it import it. Python 3.8 and newer.
"""

import hashlib
import json
import multiprocessing
import resource
import sys
import sysconfig

# A program that cannot do its job here ends with this status, and says why on stderr: it is "not run", and no error.
NOT_RUN = 77


def not_run(reason):
    print(reason, file=sys.stderr)
    sys.exit(NOT_RUN)


if sys.version_info < (3, 8):
    not_run("Python %d.%d is too old: 3.8 or newer is needed" % sys.version_info[:2])


def gil():
    """Whether threads of this interpreter run Python code one at a time."""
    asked = getattr(sys, "_is_gil_enabled", None)
    on = asked() if asked else not sysconfig.get_config_var("Py_GIL_DISABLED")
    return "GIL on" if on else "GIL off"


def version(means, start_method=None):
    """What did the job. `start_method`: of the worker processes, where there are any."""
    words = [means, f"Python {sys.version.split()[0]}", gil()]
    if start_method:
        words.append(f"start method {start_method}")
    return ", ".join(words)


def version_of_tool(tool):
    """A program of others did the job. Its own version is not asked for: that would be in its time."""
    return f"{tool}, started by Python {sys.version.split()[0]}"


def default_start_method():
    """That of a ProcessPoolExecutor and of multiprocessing.Process which are told nothing."""
    return multiprocessing.get_start_method()


def cpu():
    both = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    seconds = lambda field: sum(getattr(usage, field) for usage in both)
    return {"user_ns": int(seconds("ru_utime") * 1e9), "system_ns": int(seconds("ru_stime") * 1e9)}


def file_digest(file):
    """SHA-256 of an open file. hashlib.file_digest came with Python 3.11; this does as it does."""
    if hasattr(hashlib, "file_digest"):
        return hashlib.file_digest(file, "sha256").hexdigest()
    digest, buffer = hashlib.sha256(), memoryview(bytearray(1 << 18))
    while True:
        read = file.readinto(buffer)
        if not read:
            return digest.hexdigest()
        digest.update(buffer[:read])


def show(**fields):
    print(json.dumps({"schema": 1, **fields}), flush=True)
