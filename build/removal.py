#!/usr/bin/python3
"""Removes everything from a computer through Bookring's real window, and looks
whether anything is left: in the home folder, in a real keyring, and at Xero.

    build/desktop.py build/removal.py PROGRAM XERO

XERO is the simulated Xero as a program (frontend/e2e/xero). Exit code 0 means
that files and keyring are as before the first start.
"""

import json
import os
import pathlib
import subprocess
import sys
import time
import urllib.request

import window
from gi.repository import Gio, GLib

LIMIT = 30
HOME = pathlib.Path(os.environ["HOME"])
# The runtime folder is the session's, and graphics drivers keep a cache for all
# programs of a user.
NOT_OURS = ("run", ".cache/mesa_shader_cache", "opened", "bin")
NAMES = ["Calder Street Vets", "Fjord Analytics Ltd", "Dunes Surf School"]


class Xero:
    """The simulated Xero; each method is one command of it."""

    def __init__(self, program):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([program], stdin=pipe, stdout=pipe, text=True)
        self.addresses = self.ask(organisations=[{"name": name} for name in NAMES])

    def ask(self, **command):
        print(json.dumps(command), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"the simulated Xero: {answer['error']}")
        return answer.get("answer", answer)

    def asked(self, endpoint):
        return sum(r["endpoint"] == endpoint for r in self.ask(do="requests"))


def tree():
    """Returns every file and folder of the home that could be Bookring's."""
    paths = (str(p.relative_to(HOME)) for p in HOME.rglob("*"))
    return sorted(p for p in paths if not p.startswith(NOT_OURS))


def keyring():
    """Returns the label of every item in the keyring."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def get(path, interface, name):
        call = ("org.freedesktop.secrets", path, "org.freedesktop.DBus.Properties", "Get")
        arguments = GLib.Variant("(ss)", (f"org.freedesktop.Secret.{interface}", name))
        return bus.call_sync(*call, arguments, None, Gio.DBusCallFlags.NONE, -1).unpack()[0]

    items = get("/org/freedesktop/secrets/collection/login", "Collection", "Items")
    return sorted(get(item, "Item", "Label") for item in items)


class Walk:
    """What the steps share."""

    def __init__(self, program, xero):
        self.before = tree(), keyring()
        self.xero = Xero(xero)
        self.program = program
        opener = HOME / "bin" / "xdg-open"
        opener.parent.mkdir()
        opener.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >'{HOME}/opened'\n")
        opener.chmod(0o755)
        self.log = open(HOME / "run" / "bookring.log", "w+")
        self.start()

    def start(self, real=False):
        """Starts the program at the simulated Xero, or at the real one."""
        addresses = self.xero.addresses
        server = {
            "BOOKRING_XERO_DISCOVERY": addresses["discovery"],
            "BOOKRING_XERO_API": addresses["api"],
            "BOOKRING_CLIENT_ID": addresses["clientID"],
        }
        self.process = subprocess.Popen(
            [self.program],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env={
                **os.environ,
                "PATH": f"{HOME}/bin:{os.environ['PATH']}",
                **({} if real else server),
            },
        )
        self.window = window.Window(self.process, limit=60)


def connect(walk):
    """Connect three organisations"""
    (HOME / "opened").unlink(missing_ok=True)
    walk.window.press("Connect to Xero")
    link = window.wait("an address for the browser", lambda: (HOME / "opened").exists() and (HOME / "opened").read_text(), LIMIT)
    back = walk.xero.ask(do="allow", link=link.strip(), person="Jo Whitmore", organisations=NAMES)
    urllib.request.urlopen(back).read()
    walk.window.wait_for("table", "Organisations")
    window.wait("three rows", lambda: len(walk.window.rows("Organisations")) == 3, LIMIT)


def keeps_something(walk):
    """There are files and keys to remove"""
    files, keys = tree(), keyring()
    assert len(files) > len(walk.before[0]) and len(keys) > len(walk.before[1]), (files, keys)
    return f"{len(files) - len(walk.before[0])} files and folders, {len(keys) - len(walk.before[1])} keys"


def remove(walk):
    """Settings, Remove everything, and the receipt"""
    walk.window.press("Settings")
    walk.window.press("Remove everything from this computer…")
    walk.window.press("Remove everything")
    walk.window.wait_for("heading", "Everything is removed", limit=60)


def xero_was_told(walk):
    """Xero was told of every connection"""
    told = walk.xero.asked("disconnect")
    assert told == 3, f"{told} were disconnected"


def close(walk):
    """Close Bookring"""
    walk.window.press("Close Bookring")
    assert walk.process.wait(LIMIT) == 0


def nothing_left(walk):
    """Files and keyring are as before the first start, and stay so"""
    time.sleep(2)  # for what the browser engine's processes might still write
    for was, there in zip(walk.before, (tree(), keyring())):
        assert was == there, f"left: {sorted(set(there) - set(was))}, lost: {sorted(set(was) - set(there))}"


def first_run(walk):
    """The next start is a first run"""
    walk.start()
    walk.window.wait_for("push button", "Connect to Xero")
    assert not walk.window.rows("Organisations")


def ends_by_signal(walk):
    """Remove everything, and end the program by a signal"""
    remove(walk)
    walk.process.terminate()
    assert walk.process.wait(LIMIT) == 0


def real_data_take_along(walk):
    """From the real data, a test server's files and keys go too"""
    walk.process.terminate()
    walk.process.wait(LIMIT)
    walk.start(real=True)
    remove(walk)


STEPS = [
    *(connect, keeps_something, remove, xero_was_told, close, nothing_left),
    *(first_run, ends_by_signal, nothing_left),
    *(first_run, connect, real_data_take_along, close, nothing_left),
]


def main():
    walk = Walk(*sys.argv[1:])
    for number, step in enumerate(STEPS, 1):
        began = time.monotonic()
        print(f"{number:2}  {step.__doc__}", end="", flush=True)
        try:
            fact = step(walk)
        except Exception as error:  # noqa: BLE001 - any way to fail is a failed step
            print(f" ... failed ({time.monotonic() - began:.1f} s)\n    {error!r}")
            walk.log.seek(0)
            print("    Bookring wrote:", *walk.log.read().splitlines()[-20:], sep="\n    ")
            return 1
        print(f": {fact}" if fact else "", f"... ok ({time.monotonic() - began:.1f} s)")
    return 0


if __name__ == "__main__":
    sys.exit(main())
