#!/usr/bin/python3
"""Measures the start time and the memory of a program over several starts.

    build/walks/desktop.py build/walks/startup.py PROGRAM
"""

import pathlib
import statistics
import subprocess
import sys
import time

import window

STARTS = 9


def family(pid):
    """Returns the process IDs of a process and of all its descendants."""
    below = pathlib.Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in below for member in family(int(child)))]


def proportional_memory(pid):
    """Returns the memory of a process family in KiB. Shared pages are divided among the
    processes (PSS)."""
    total = 0
    for member in family(pid):
        for line in pathlib.Path(f"/proc/{member}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                total += int(line.split()[1])
    return total


def measure(program):
    """Starts the program. Returns the seconds until the window has content, the seconds
    until Connect to Xero can be pressed, and the memory in KiB."""
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
    opened, ready, memory = zip(*(measure(sys.argv[1]) for _ in range(STARTS)))
    for name, values, unit in [
        ("window with content", [v * 1000 for v in opened], "ms"),
        ("Connect can be pressed", [v * 1000 for v in ready], "ms"),
        ("memory, all processes", [v / 1024 for v in memory], "MiB"),
    ]:
        print(f"{name:24} median {statistics.median(values):6.0f} {unit}   {min(values):.0f} to {max(values):.0f}")


if __name__ == "__main__":
    sys.exit(main())
