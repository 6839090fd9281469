#!/usr/bin/env python3
"""Python's multiprocessing.Manager as a peer: for each line `OPERATION COUNT` on standard input it does the operation
that often and prints the nanoseconds that one took, as JSON."""

import json
import signal
import sys
import time
from multiprocessing import Manager, Process

KEYS = [f"key-{number:012}" for number in range(1000)]


def dict_get(shared, count):
    for number in range(count):
        shared[KEYS[number % len(KEYS)]]


def lock(shared, count):
    for _ in range(count):
        shared.acquire()
        shared.release()


def put_as_ordered(orders, shared):
    try:
        while count := orders.get():
            for number in range(count):
                shared.put(number)
    except (EOFError, OSError):
        pass  # the manager has ended


def queue(shared, count):
    orders, items = shared
    orders.put(count)
    for _ in range(count):
        items.get()


def main():
    with Manager() as manager:
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
        operations = {
            "dict_get": (dict_get, manager.dict({key: "v" * 64 for key in KEYS})),
            "lock": (lock, manager.Lock()),
            "queue": (queue, (manager.Queue(), manager.Queue())),
        }
        Process(target=put_as_ordered, args=operations["queue"][1], daemon=True).start()
        for line in sys.stdin:
            name, count = line.split()
            operation, shared = operations[name]
            start = time.perf_counter_ns()
            operation(shared, int(count))
            print(json.dumps({name: (time.perf_counter_ns() - start) / int(count)}), flush=True)


if __name__ == "__main__":
    main()
