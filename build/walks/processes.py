"""Ends every process below the running program, daemons included."""

import ctypes
import os
import signal
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
prctl = ctypes.CDLL(None, use_errno=True).prctl


def adopt_orphans():
    """Makes the running program the parent of each descendant whose own parent has
    ended. A daemon, such as the keyring, then stays within reach of end_descendants."""
    if prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "adopt orphaned processes")


def end_with_parent():
    """Ends the calling process as soon as its parent ends."""
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def children():
    """Returns the process IDs of the direct children."""
    with open(f"/proc/self/task/{os.getpid()}/children") as file:
        return [int(pid) for pid in file.read().split()]


def reap(seconds):
    """Waits until no child is left. Returns False when the time is over."""
    until = time.monotonic() + seconds
    while True:
        try:
            pid, _ = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return True
        if pid == 0:
            if time.monotonic() > until:
                return False
            time.sleep(0.02)


def end_descendants():
    """Ends every process below the running program; adopt_orphans must come first."""
    # A child's own children become direct children when the child ends: each round
    # of signals reaches one more generation.
    for number in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL, signal.SIGKILL):
        for pid in children():
            os.kill(pid, number)
        if reap(2):
            return
