#!/usr/bin/python3
"""Runs a command on a virtual desktop, and removes the desktop afterwards.

    build/walks/desktop.py [--limit SECONDS] [--screen WIDTHxHEIGHT] COMMAND [ARGUMENT...]

The command gets a virtual display, a session bus, an unlocked GNOME keyring and an
empty home folder. It sees no display, bus, folder or setting of the caller. The exit
code is the command's exit code, or 124 at the time limit. No process started by the
command survives.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile

from processes import adopt_orphans, end_descendants, end_with_parent


def start_server(command, env):
    """Starts a server and returns the first line that the server writes when it is
    ready. The server writes to a file descriptor; {} in the arguments is its number."""
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
        with open(log) as output:
            raise RuntimeError(f"{command[0]} did not start: {output.read()}")
    return line


def private_environment(home):
    """Returns an environment without the caller's folders, display, bus, proxy and
    settings. All folders are below home."""
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


def start_desktop(home, size):
    """Starts a display of a size, a bus and a keyring. Returns the environment for their clients."""
    env = private_environment(home)
    screen = ["Xvfb", "-screen", "0", f"{size}x24", "-nolisten", "tcp", "-noreset", "-displayfd", "{}"]
    env["DISPLAY"] = ":" + start_server(screen, env)
    bus = ["dbus-daemon", "--session", "--nofork", "--print-address={}"]
    env["DBUS_SESSION_BUS_ADDRESS"] = start_server(bus, env)
    # The command exits as soon as its daemon answers.
    subprocess.run(
        ["gnome-keyring-daemon", "--unlock", "--components=secrets"],
        input=b"password of the test keyring",
        env=env,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        timeout=20,
        check=True,
    )
    return env


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--limit", type=float, default=600, help="seconds until the command is ended")
    parser.add_argument("--screen", default="1280x860", help="size of the display")
    parser.add_argument("command", nargs=argparse.REMAINDER)
    options = parser.parse_args()

    # sys.exit makes a signal run the finally block below.
    for ending in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(ending, lambda number, _: sys.exit(128 + number))
    adopt_orphans()
    home = tempfile.mkdtemp(prefix="bookring-desktop-")
    try:
        env = start_desktop(home, options.screen)
        command = subprocess.Popen(options.command, env=env, preexec_fn=end_with_parent)
        return command.wait(timeout=options.limit)
    except subprocess.TimeoutExpired as late:
        print(f"desktop: {' '.join(late.cmd)} did not end within {late.timeout:.0f} s", file=sys.stderr)
        return 124
    finally:
        end_descendants()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
