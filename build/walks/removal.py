#!/usr/bin/python3
"""Removes everything from the computer through Bookring's real window, and searches for
leftovers in the home folder, in a real keyring and at Xero.

    build/walks/desktop.py build/walks/removal.py PROGRAM XERO

XERO is the simulated Xero (frontend/e2e/xero). The exit code is 0 only if files and
keyring are as before the first start.
"""

import os
import pathlib
import sys
import time

import window
from bookring import LIMIT, Bookring
from gi.repository import Gio, GLib
from steps import take
from xero import Xero

HOME = pathlib.Path(os.environ["HOME"])
# Paths that Bookring does not own: the session's runtime folder, the shader cache that
# all programs share, and the files of class Bookring.
FOREIGN = ("run", ".cache/mesa_shader_cache", "opened", "bin")
NAMES = ["Calder Street Vets", "Fjord Analytics Ltd", "Dunes Surf School"]


def home_files():
    """Returns every file and folder in the home folder except the foreign paths."""
    paths = (str(p.relative_to(HOME)) for p in HOME.rglob("*"))
    return sorted(p for p in paths if not p.startswith(FOREIGN))


def keyring_labels():
    """Returns the label of every item in the keyring."""
    bus = Gio.bus_get_sync(Gio.BusType.SESSION)

    def get(path, interface, name):
        call = ("org.freedesktop.secrets", path, "org.freedesktop.DBus.Properties", "Get")
        arguments = GLib.Variant("(ss)", (f"org.freedesktop.Secret.{interface}", name))
        return bus.call_sync(*call, arguments, None, Gio.DBusCallFlags.NONE, -1).unpack()[0]

    items = get("/org/freedesktop/secrets/collection/login", "Collection", "Items")
    return sorted(get(item, "Item", "Label") for item in items)


class Walk:
    """The program, its simulated Xero, and the files and keys before the first start."""

    def __init__(self, program, xero):
        self.before = home_files(), keyring_labels()
        self.xero = Xero(xero, NAMES)
        self.bookring = Bookring(program, HOME / "run" / "bookring.log", self.xero.settings())
        self.bookring.start()


def connect(walk):
    """Connect three organisations"""
    link = walk.bookring.press_for_link("Connect to Xero")
    walk.xero.allow(link, "Jo Whitmore", NAMES)
    walk.bookring.window.wait_for("table", "Organisations")
    window.wait("three rows", lambda: len(walk.bookring.window.rows("Organisations")) == 3, LIMIT)


def files_and_keys_exist(walk):
    """Files and keys to remove exist"""
    files, keys = home_files(), keyring_labels()
    assert len(files) > len(walk.before[0]) and len(keys) > len(walk.before[1]), (files, keys)
    return f"{len(files) - len(walk.before[0])} files and folders, {len(keys) - len(walk.before[1])} keys"


def remove(walk):
    """Remove everything in Settings; the receipt appears"""
    walk.bookring.window.press("Settings")
    walk.bookring.window.press("Remove everything from this computer…")
    walk.bookring.window.press("Remove everything")
    walk.bookring.window.wait_for("heading", "Everything is removed", limit=60)


def all_disconnected_in_xero(walk):
    """Xero received a disconnect for every connection"""
    count = walk.xero.request_count("disconnect")
    assert count == 3, f"{count} were disconnected"


def close(walk):
    """Close Bookring"""
    walk.bookring.window.press("Close Bookring")
    assert walk.bookring.process.wait(LIMIT) == 0


def nothing_left(walk):
    """Two seconds later, files and keyring are as before the first start"""
    time.sleep(2)  # the browser engine's processes could still write files
    for before, now in zip(walk.before, (home_files(), keyring_labels())):
        assert before == now, f"left: {sorted(set(now) - set(before))}, lost: {sorted(set(before) - set(now))}"


def first_run(walk):
    """The next start is a first run"""
    walk.bookring.start()
    walk.bookring.window.wait_for("push button", "Connect to Xero")
    assert not walk.bookring.window.rows("Organisations")


def remove_and_end(walk):
    """Remove everything, and end the program by a signal"""
    remove(walk)
    walk.bookring.end()


def remove_from_real_data(walk):
    """A removal without a test server also removes the test server's files and keys"""
    walk.bookring.end()
    walk.bookring.settings = {}
    walk.bookring.start()
    remove(walk)


STEPS = [
    *(connect, files_and_keys_exist, remove, all_disconnected_in_xero, close, nothing_left),
    *(first_run, remove_and_end, nothing_left),
    *(first_run, connect, remove_from_real_data, close, nothing_left),
]


if __name__ == "__main__":
    sys.exit(take(STEPS, Walk(*sys.argv[1:])))
