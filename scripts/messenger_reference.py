#!/usr/bin/env python3
"""Reference programs for the messenger: round trips between two workers in Python, with the same run record.

    messenger_reference.py threads   PAYLOAD queue                        threading, queue.SimpleQueue
    messenger_reference.py processes PAYLOAD pipe|queue|shared-memory     multiprocessing

PAYLOAD is as the messenger takes it (64b, 16KiB, 1MiB). Prints one run record as JSON on stdout, with what a round trip
took under "cells", as the programs in Rust do; as many round trips in as many blocks, with the same bytes in them, and
the same checksum. A queue and a pipe pickle a message; `shared-memory` has it in multiprocessing.shared_memory, where it
is written and read in place, and a semaphore for each direction says that it is there. Both workers stay on a core each.
"""

import multiprocessing
import os
import queue
import statistics
import struct
import sys
import threading
import time
from multiprocessing import shared_memory

from run_record import cpu, show, version

BLOCKS = 5
# Read before anybody is pinned.
CORES = sorted(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else []
MASK = (1 << 64) - 1
UNITS = {"gib": 1 << 30, "mib": 1 << 20, "kib": 1 << 10, "b": 1}
WORD = 8


def size(text):
    text = text.lower()
    for unit, factor in UNITS.items():
        if text.endswith(unit) and text[: -len(unit)].isdecimal():
            return int(text[: -len(unit)]) * factor
    raise SystemExit(f"{text!r} is no payload: 64B, 4KiB or 1MiB\n{__doc__}")


def round_trips(payload):
    """Those that are timed, as in crates/messenger/job/src/plan.rs."""
    return min(max((32 << 20) // max(payload, 1), 2), 500)


def pattern(number, place):
    """Eight bytes for a number and a place, as in crates/messenger/job/src/message.rs."""
    mixed = ((number << 32 ^ place) + 1) & MASK
    return struct.pack("<Q", mixed * 0x9E37_79B9_7F4A_7C15 & MASK)


class Content:
    """Writes the first and the last word of messages, and checks them when they come."""

    def __init__(self, payload):
        self.payload, self.messages, self.digest = payload, 0, 0
        self.places = sorted({0, (payload - 1) // WORD}) if payload else []

    def write(self, into, number):
        for place in self.places:
            end = min((place + 1) * WORD, self.payload)
            into[place * WORD : end] = pattern(number, place)[: end - place * WORD]

    def take(self, expected, number, payload):
        if number != expected or len(payload) != self.payload:
            raise SystemExit(f"message {number} of {len(payload)} bytes came where {expected} was due")
        for place in self.places:
            end = min((place + 1) * WORD, self.payload)
            if bytes(payload[place * WORD : end]) != pattern(number, place)[: end - place * WORD]:
                raise SystemExit(f"message {number} differs from what was sent at byte {place * WORD}")
        self.digest = (self.digest * 6_364_136_223_846_793_005 + number + self.payload + 1) & MASK
        self.messages += 1


class Queues:
    """A message is put into a queue: a reference between threads, pickled between processes."""

    def __init__(self, there, back, content, side):
        self.put, self.get = (there.put, back.get) if side == 0 else (back.put, there.get)
        self.content, self.own = content, bytearray(content.payload)

    def send(self, number):
        self.content.write(self.own, number)
        self.put((number, bytes(self.own)))

    def receive(self, expected):
        self.content.take(expected, *self.get())


class Pipe(Queues):
    """A connection of multiprocessing.Pipe."""

    def __init__(self, ends, content, side):
        self.put, self.get = ends[side].send, ends[side].recv
        self.content, self.own = content, bytearray(content.payload)


class Shared:
    """Memory that both have, in which a message is written and read."""

    def __init__(self, memory, semaphores, content, side):
        self.content, room = content, 8 + content.payload
        slots = [memory.buf[:room], memory.buf[room : 2 * room]]
        self.mine, self.theirs = slots[side], slots[1 - side]
        self.tell, self.wait = semaphores[side].release, semaphores[1 - side].acquire

    def send(self, number):
        struct.pack_into("<Q", self.mine, 0, number)
        self.content.write(self.mine[8:], number)
        self.tell()

    def receive(self, expected):
        self.wait()
        self.content.take(expected, struct.unpack_from("<Q", self.theirs)[0], self.theirs[8:])


def pin(side):
    """Keeps the calling thread on a core of its own, where there are two."""
    if CORES:
        os.sched_setaffinity(0, {CORES[side % len(CORES)]})


def answer(end, count, told):
    for number in range(count):
        end.receive(number)
        end.send(number)
    told(end.content.messages, end.content.digest)


def ask(end, warm, count):
    """Nanoseconds of a round trip: the median of those that are timed, in at most 100 batches."""
    batch, times = -(-count // 100), []
    for number in range(warm):
        end.send(number)
        end.receive(number)
    for first in range(warm, warm + count, batch):
        last = min(first + batch, warm + count)
        began = time.monotonic_ns()
        for number in range(first, last):
            end.send(number)
            end.receive(number)
        times.append((time.monotonic_ns() - began) / (last - first))
    return statistics.median(times)


def child(make, count, told):
    pin(1)
    answer(make(1), count, lambda *seen: told.send(seen))


def talk(model, way, payload, warm, count):
    """One block: the time, and the digests of both sides with their messages."""
    contents = [Content(payload), Content(payload)]
    if model == "threads":
        there, back, seen = queue.SimpleQueue(), queue.SimpleQueue(), []
        ours, theirs = (Queues(there, back, contents[side], side) for side in (0, 1))

        def work():
            pin(1)
            answer(theirs, warm + count, lambda *told: seen.append(told))

        other = threading.Thread(target=work)
        other.start()
        median = ask(ours, warm, count)
        other.join()
        return median, [(contents[0].messages, contents[0].digest), seen[0]]
    context = multiprocessing.get_context("fork")
    memory = None
    if way == "pipe":
        ends = context.Pipe()
        make = lambda side: Pipe(ends, contents[side], side)
    elif way == "queue":
        there, back = context.Queue(), context.Queue()
        make = lambda side: Queues(there, back, contents[side], side)
    else:
        memory = shared_memory.SharedMemory(create=True, size=2 * (8 + payload))
        semaphores = [context.Semaphore(0), context.Semaphore(0)]
        make = lambda side: Shared(memory, semaphores, contents[side], side)
    try:
        heard, told = context.Pipe(duplex=False)
        other = context.Process(target=child, args=(make, warm + count, told))
        other.start()
        end = make(0)
        median = ask(end, warm, count)
        seen = heard.recv()
        other.join()
        return median, [(contents[0].messages, contents[0].digest), seen]
    finally:
        if memory:
            memory.unlink()


def main():
    ways = {"threads": ["queue"], "processes": ["pipe", "queue", "shared-memory"]}
    if len(sys.argv) != 4 or sys.argv[3] not in ways.get(sys.argv[1], []):
        sys.exit(__doc__)
    began = time.monotonic_ns()
    model, case, way = sys.argv[1:]
    payload = size(case)
    count = round_trips(payload)
    warm = max(count // 10, 1)
    pin(0)
    ready = time.monotonic_ns()
    times, messages, checksum = [], 0, 0
    for _ in range(BLOCKS):
        median, (one, other) = talk(model, way, payload, warm, count)
        times.append(median)
        messages += one[0] + other[0]
        digest = (one[1] << 1 | one[1] >> 63) & MASK ^ other[1]
        checksum = (checksum * 6_364_136_223_846_793_005 + digest) & MASK
    done = time.monotonic_ns()
    show(**{
        "scenario": "messenger",
        "case": case.lower(),
        "model": model,
        "workers": 2,
        "version": version(way, "fork" if model == "processes" else None),
        "phases": {"startup_ns": ready - began, "work_ns": done - ready, "shutdown_ns": 0},
        "cpu": cpu(),
        "outcome": {"items": messages, "failed": 0, "bytes": messages * payload, "checksum": f"{checksum:016x}"},
        "cells": [{"way": way, "payload": payload, "round_trip_ns": times, "message_ns": []}],
    })


if __name__ == "__main__":
    main()
    if sys.argv[3:] == ["shared-memory"]:
        # Views of the memory are still there, which its destructor would complain of; it has no name any more.
        os._exit(0)
