#!/usr/bin/python3
"""Removes everything from a computer through Bookring's real window, and looks
whether anything is left: in the home folder, in a real keyring, and at Xero.

    build/desktop.py build/removal.py PROGRAM XERO

XERO is the simulated Xero as a program (frontend/e2e/xero). Exit code 0 means
that files and keyring are as before the first start.
"""

import sys
import time

import window
from gi.repository import Gio, GLib
from steps import HOME, LIMIT, Bookring, Xero, take

# The runtime folder is the session's, and graphics drivers keep a cache for all
# programs of a user.
NOT_OURS = ("run", ".cache/mesa_shader_cache", "opened", "bin")
NAMES = ["Calder Street Vets", "Fjord Analytics Ltd", "Dunes Surf School"]


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


class Walk(Bookring):
    """What the steps share."""

    def __init__(self, program, xero):
        self.before = tree(), keyring()
        super().__init__(program, Xero(xero, NAMES))
        self.start()


def connect(walk):
    """Connect three organisations"""
    walk.allow("Connect to Xero", "Jo Whitmore", *NAMES)
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
    walk.end()


def real_data_take_along(walk):
    """From the real data, a test server's files and keys go too"""
    walk.end()
    walk.start(real=True)
    remove(walk)


STEPS = [
    *(connect, keeps_something, remove, xero_was_told, close, nothing_left),
    *(first_run, ends_by_signal, nothing_left),
    *(first_run, connect, real_data_take_along, close, nothing_left),
]


def main():
    walk = Walk(*sys.argv[1:])
    return take(STEPS, walk, walk.log)


if __name__ == "__main__":
    sys.exit(main())
