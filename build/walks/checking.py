#!/usr/bin/python3
"""Changes organisations in Xero, in Bookring and on the network, and tests that the list
in Bookring's real window shows each change after one check.

    build/walks/desktop.py build/walks/checking.py PROGRAM XERO

XERO is the simulated Xero (frontend/e2e/xero). The exit code is 0 only if the list was
right after every step.
"""

import os
import sys

import window
from bookring import LIMIT, Bookring
from steps import take
from xero import Xero

VETS, FJORD, DUNES = NAMES = ["Calder Street Vets", "Fjord Analytics Ltd", "Dunes Surf School"]
JO = "Jo Whitmore"
# The endpoints called by a check.
ENDPOINTS = ["discovery", "token: refresh", "connections", "organisation"]


class Walk:
    """The program and its simulated Xero."""

    def __init__(self, program, xero):
        self.xero = Xero(xero, NAMES)
        log = os.path.join(os.environ["HOME"], "run", "bookring.log")
        self.bookring = Bookring(program, log, self.xero.settings())
        self.bookring.start()

    def kill_and_start(self):
        self.bookring.kill()
        self.bookring.start()

    def allow(self, button, *names):
        self.xero.allow(self.bookring.press_for_link(button), JO, names)

    def check(self):
        self.bookring.window.press("Check now")

    def disconnect(self, name):
        self.bookring.window.mark(f"Select {name}")
        self.bookring.window.press("Disconnect…")
        self.bookring.window.press("Disconnect 1 organisation")

    def drop_network(self):
        for endpoint in ENDPOINTS:
            self.xero.command(do="fail", endpoint=endpoint, fault="dropped")

    def restore_network(self):
        self.xero.command(do="heal")

    def disconnected_in_xero(self):
        return self.xero.command(do="disconnected")

    def expect(self, *statuses):
        """Waits until the list shows these statuses, in the order of NAMES."""
        self.bookring.expect_statuses(dict(zip(NAMES, statuses, strict=True)))


def connect(walk):
    """Connect three organisations"""
    walk.allow("Connect to Xero", *NAMES)
    walk.expect("Connected", "Connected", "Connected")


def disconnect_in_xero(walk):
    """Disconnect one organisation in Xero"""
    walk.xero.command(do="disconnect", person=JO, organisations=[FJORD])
    walk.check()
    walk.expect("Connected", "Removed in Xero", "Connected")


def connect_again(walk):
    """Connect the organisation again"""
    walk.allow("Connect another organisation", FJORD)
    walk.expect("Connected", "Connected", "Connected")


def drop_network(walk):
    """Drop the network"""
    walk.drop_network()
    walk.check()
    walk.expect("Not checked", "Not checked", "Not checked")


def kill_without_network(walk):
    """Kill the program, and start the program without a network"""
    walk.kill_and_start()
    walk.expect("Not checked", "Not checked", "Not checked")


def restore_network(walk):
    """Restore the network"""
    walk.restore_network()
    walk.check()
    walk.expect("Connected", "Connected", "Connected")


def kill_during_check(walk):
    """Kill the program during a check"""
    count = walk.xero.request_count("connections")
    walk.xero.command(do="fail", endpoint="connections", fault="stalled")
    walk.check()
    window.wait("a check", lambda: walk.xero.request_count("connections") > count, LIMIT)
    walk.xero.command(do="heal")
    walk.kill_and_start()
    walk.expect("Connected", "Connected", "Connected")


def disconnect(walk):
    """Disconnect one organisation in Bookring; Xero receives one request"""
    walk.disconnect(DUNES)
    walk.expect("Connected", "Connected", "Disconnected")
    window.wait("the end of the connection in Xero", lambda: DUNES in walk.disconnected_in_xero(), LIMIT)
    assert walk.xero.request_count("disconnect") == 1


def disconnect_offline(walk):
    """Disconnect another organisation without a network; the request survives a kill"""
    walk.drop_network()
    walk.xero.command(do="fail", endpoint="disconnect", fault="dropped")
    walk.disconnect(FJORD)
    # From now on the pending disconnect is in the register.
    walk.expect("Connected", "Disconnected", "Disconnected")
    walk.kill_and_start()
    before = walk.disconnected_in_xero()
    walk.restore_network()
    walk.check()
    window.wait("the end of the connection in Xero", lambda: walk.disconnected_in_xero() == [*before, FJORD], LIMIT)
    walk.expect("Connected", "Disconnected", "Disconnected")


def revoke_in_xero(walk):
    """Revoke the sign-in in Xero"""
    walk.xero.command(do="revoke", person=JO)
    walk.check()
    walk.expect("Sign in again", "Disconnected", "Disconnected")


def sign_in_again(walk):
    """Sign in again"""
    walk.allow(f"Sign in again as {JO}", VETS)
    walk.expect("Connected", "Disconnected", "Disconnected")


def end(walk):
    """End Bookring by a signal"""
    walk.bookring.end()


STEPS = [
    *(connect, disconnect_in_xero, connect_again, drop_network, kill_without_network, restore_network),
    *(kill_during_check, disconnect, disconnect_offline, revoke_in_xero, sign_in_again, end),
]


if __name__ == "__main__":
    sys.exit(take(STEPS, Walk(*sys.argv[1:])))
