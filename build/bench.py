#!/usr/bin/python3
"""Starts a program again and again on the virtual display, and says how long
that took and how much memory it needs.

    build/desktop.py build/bench.py PROGRAM
"""

import pathlib
import statistics
import subprocess
import sys
import time

import window

STARTS = 9


def family(pid):
    """Returns the process and all below it."""
    below = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in below for member in family(int(child)))]


def proportional_memory(pid):
    """Returns the kilobytes of a process family, shared pages divided among their
    users (PSS)."""
    total = 0
    for member in family(pid):
        for line in pathlib.Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def start(program):
    """Returns the seconds until the window was there, those until its first
    button could be pressed, and the memory then."""
    began = time.monotonic()
    process = subprocess.Popen([program, "-demo"], stderr=subprocess.DEVNULL)
    shown = window.Window(process)
    opened = time.monotonic() - began
    shown.wait_for("push button", "Connect to Xero")
    ready = time.monotonic() - began
    memory = proportional_memory(process.pid)
    process.terminate()
    process.wait(window.LIMIT)
    return opened, ready, memory


def main():
    opened, ready, memory = zip(*(start(sys.argv[1]) for _ in range(STARTS)))
    for name, values, unit in [
        ("window with content", [v * 1000 for v in opened], "ms"),
        ("Connect can be pressed", [v * 1000 for v in ready], "ms"),
        ("memory, all processes", [v / 1024 for v in memory], "MiB"),
    ]:
        print(f"{name:24} median {statistics.median(values):6.0f} {unit}   {min(values):.0f} to {max(values):.0f}")


if __name__ == "__main__":
    sys.exit(main())
