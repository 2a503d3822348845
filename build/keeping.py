#!/usr/bin/python3
"""Lets happen to organisations what happens to them, and looks whether the list
in Bookring's real window says so within one check.

    build/desktop.py build/keeping.py PROGRAM XERO

XERO is the simulated Xero as a program (frontend/e2e/xero). Exit code 0 means
that the list told the truth each time.
"""

import sys

import window
from gi.repository import Atspi
from steps import LIMIT, Bookring, Xero, take

VETS, FJORD, DUNES = NAMES = ["Calder Street Vets", "Fjord Analytics Ltd", "Dunes Surf School"]
JO = "Jo Whitmore"
# What Bookring asks of Xero when it checks.
ENDPOINTS = ["discovery", "token: refresh", "connections", "organisation"]


class Walk(Bookring):
    """What the steps share."""

    def __init__(self, program, xero):
        super().__init__(program, Xero(xero, NAMES))
        self.start()

    def lists(self, *statuses):
        """Waits until the list says exactly that of the organisations, in their order."""
        expected = dict(zip(NAMES, statuses, strict=True))

        def listed():
            return {row[0]: row[1] for row in self.window.rows("Organisations")}

        try:
            window.wait("the right list", lambda: listed() == expected, LIMIT)
        except TimeoutError:
            raise AssertionError(f"the list is {listed()}, not {expected}") from None

    def check(self):
        self.window.press("Check now")

    def disconnect(self, name):
        box = self.window.wait_for("check box", f"Select {name}")
        Atspi.Action.do_action(box, 0)
        self.window.press("Disconnect…")
        self.window.press("Disconnect 1 organisation")

    def network(self, there):
        for endpoint in [] if there else ENDPOINTS:
            self.xero.ask(do="fail", endpoint=endpoint, fault="dropped")
        if there:
            self.xero.ask(do="heal")

    def die(self):
        """Kills the program, and starts it again."""
        self.process.kill()
        self.process.wait(LIMIT)
        self.start()


def connect(walk):
    """Connect three organisations"""
    walk.allow("Connect to Xero", JO, *NAMES)
    walk.lists("Connected", "Connected", "Connected")


def removed_in_xero(walk):
    """One is disconnected in Xero, at its own page"""
    walk.xero.ask(do="disconnect", person=JO, organisations=[FJORD])
    walk.check()
    walk.lists("Connected", "Removed in Xero", "Connected")


def back(walk):
    """It is connected again"""
    walk.allow("Connect another organisation", JO, FJORD)
    walk.lists("Connected", "Connected", "Connected")


def network_away(walk):
    """The network goes"""
    walk.network(False)
    walk.check()
    walk.lists("Not checked", "Not checked", "Not checked")


def killed_without_network(walk):
    """The program is killed, and starts without a network"""
    walk.die()
    walk.lists("Not checked", "Not checked", "Not checked")


def network_back(walk):
    """The network is back"""
    walk.network(True)
    walk.check()
    walk.lists("Connected", "Connected", "Connected")


def killed_in_check(walk):
    """The program is killed in the middle of a check"""
    asked = walk.xero.asked("connections")
    walk.xero.ask(do="fail", endpoint="connections", fault="stalled")
    walk.check()
    window.wait("a check", lambda: walk.xero.asked("connections") > asked, LIMIT)
    walk.xero.ask(do="heal")
    walk.die()
    walk.lists("Connected", "Connected", "Connected")


def disconnected(walk):
    """One is disconnected here, and Xero told of it once"""
    walk.disconnect(DUNES)
    walk.lists("Connected", "Connected", "Disconnected")
    window.wait("Xero to end it", lambda: DUNES in walk.xero.ask(do="disconnected"), LIMIT)
    assert walk.xero.asked("disconnect") == 1


def disconnected_offline(walk):
    """Another one without a network; the program is killed, and tells Xero later"""
    walk.network(False)
    walk.xero.ask(do="fail", endpoint="disconnect", fault="dropped")
    walk.disconnect(FJORD)
    walk.lists("Connected", "Disconnected", "Disconnected")  # so it is written down
    walk.die()
    before = walk.xero.ask(do="disconnected")
    walk.network(True)
    walk.check()
    window.wait("Xero to end it", lambda: walk.xero.ask(do="disconnected") == [*before, FJORD], LIMIT)
    walk.lists("Connected", "Disconnected", "Disconnected")


def revoked(walk):
    """The sign-in is taken back in Xero"""
    walk.xero.ask(do="revoke", person=JO)
    walk.check()
    walk.lists("Sign in again", "Disconnected", "Disconnected")


def put_back(walk):
    """Signing in again puts it back"""
    walk.allow(f"Sign in again as {JO}", JO, VETS)
    walk.lists("Connected", "Disconnected", "Disconnected")


def ends(walk):
    """Bookring ends when asked to"""
    walk.end()


STEPS = [
    *(connect, removed_in_xero, back, network_away, killed_without_network, network_back),
    *(killed_in_check, disconnected, disconnected_offline, revoked, put_back, ends),
]


def main():
    walk = Walk(*sys.argv[1:])
    return take(STEPS, walk, walk.log)


if __name__ == "__main__":
    sys.exit(main())
