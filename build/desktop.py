#!/usr/bin/python3
"""Runs a command on a desktop of its own, and takes the desktop away after it.

    build/desktop.py [--limit SECONDS] COMMAND [ARGUMENT...]

The command gets a virtual display, a session bus, an unlocked GNOME keyring and
an empty home folder, and nothing of the caller's own. Its exit code is ours;
124 says that the limit was reached. Whatever was started is ended before we
end: nothing that the command leaves behind outlives us.
"""

import argparse
import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time

PR_SET_PDEATHSIG, PR_SET_CHILD_SUBREAPER = 1, 36
prctl = ctypes.CDLL(None, use_errno=True).prctl


def adopt_orphans():
    """Makes us the parent of everything below us whose own parent ends, so that
    what daemonises (the keyring does) can be found and ended."""
    if prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "adopt orphaned processes")


def end_with_parent():
    prctl(PR_SET_PDEATHSIG, signal.SIGTERM, 0, 0, 0)


def children():
    """Returns the process IDs of our direct children."""
    with open(f"/proc/self/task/{os.getpid()}/children") as listed:
        return [int(pid) for pid in listed.read().split()]


def reap(seconds):
    """Waits until we have no children, and reports whether that came in time."""
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


def end_children():
    """Ends every process below us. A child's own children become ours when it
    ends, hence the rounds."""
    for how in (signal.SIGTERM, signal.SIGTERM, signal.SIGKILL, signal.SIGKILL, signal.SIGKILL):
        for pid in children():
            os.kill(pid, how)
        if reap(2):
            return


def first_line(command, env):
    """Starts a server that writes one line to a descriptor, {} in its arguments,
    once it is ready; returns that line."""
    read, write = os.pipe()
    log = os.path.join(env["HOME"], command[0] + ".log")
    with open(log, "w") as output:
        subprocess.Popen(
            [argument.format(write) for argument in command],
            pass_fds=[write],
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            preexec_fn=end_with_parent,
        )
    os.close(write)
    with os.fdopen(read) as pipe:
        line = pipe.readline().strip()
    if not line:
        with open(log) as said:
            raise RuntimeError(f"{command[0]} did not start: {said.read()}")
    return line


def private_environment(home):
    """Returns an environment in which no folder, display, bus, proxy or setting
    of the caller is left."""
    env = {name: os.environ[name] for name in ("PATH", "LANG", "TERM", "TMPDIR") if name in os.environ}
    env.setdefault("LANG", "C.UTF-8")
    env["HOME"] = home
    for name, folder in {
        "XDG_RUNTIME_DIR": "run",
        "XDG_DATA_HOME": ".local/share",
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_STATE_HOME": ".local/state",
    }.items():
        env[name] = os.path.join(home, folder)
        os.makedirs(env[name], mode=0o700)
    return env


def start_desktop(home):
    """Starts display, bus and keyring; returns the environment to use them."""
    env = private_environment(home)
    screen = ["Xvfb", "-screen", "0", "1280x860x24", "-nolisten", "tcp", "-noreset", "-displayfd", "{}"]
    env["DISPLAY"] = ":" + first_line(screen, env)
    bus = ["dbus-daemon", "--session", "--nofork", "--print-address={}"]
    env["DBUS_SESSION_BUS_ADDRESS"] = first_line(bus, env)
    # It exits once the daemon it leaves behind answers.
    subprocess.run(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
        input=b"the keyring of a test",
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=20,
        check=True,
    )
    return env


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=600, help="seconds the command may take")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    # Ending us by a signal goes through the same door as any other end.
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    adopt_orphans()
    home = tempfile.mkdtemp(prefix="bookring-desktop-")
    try:
        env = start_desktop(home)
        command = subprocess.Popen(options.command, env=env, preexec_fn=end_with_parent)
        return command.wait(timeout=options.limit)
    except subprocess.TimeoutExpired as late:
        print(f"desktop: {' '.join(late.cmd)} did not end within {late.timeout:.0f} s", file=sys.stderr)
        return 124
    finally:
        end_children()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
