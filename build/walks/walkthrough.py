#!/usr/bin/python3
"""Connects two organisations as a user does, through the program's real window and a
real browser, and tests the list.

    build/walks/desktop.py build/walks/walkthrough.py PROGRAM FOLDER

PROGRAM runs with demo data. Each step prints a line and saves a numbered picture in
FOLDER. The exit code is 0 only if the list was right.
"""

import pathlib
import sys

import window
from bookring import Bookring
from browser import Browser
from steps import take


class Walk:
    """The program, the browser, and the names of the organisations chosen so far."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*"):
            old.unlink()
        self.bookring = Bookring(program, self.folder / "bookring.log")
        self.browser = Browser(self.bookring.log)
        self.chosen = []

    def choose(self):
        """Chooses the first available organisation on Xero's page, and returns its name."""
        names = window.wait("an organisation to choose", lambda: self.browser.names(role="radio"))
        self.browser.choose(name=names[0])
        self.chosen.append(names[0])
        return names[0]


def window_opens(walk):
    """Start Bookring; the window opens"""
    walk.bookring.start("-demo")
    walk.bookring.window.wait_for("push button", "Connect to Xero")


def connect(walk):
    """Press Connect to Xero; the browser opens, and the window offers Cancel"""
    link = walk.bookring.press_for_link("Connect to Xero")
    walk.bookring.window.wait_for("push button", "Cancel")
    walk.browser.open(address=link)


def sign_in(walk):
    """In the browser: sign in"""
    person = next(n for n in walk.browser.names(role="button") if n != "Cancel")
    walk.browser.press(name=person)
    return f"as {person}"


def choose_first(walk):
    """In the browser: choose an organisation"""
    return walk.choose()


def allow_access(walk):
    """In the browser: allow access; Bookring's page names the connected organisation"""
    walk.browser.press(name="Allow access")

    def names_organisation():
        page = walk.browser.text()
        return walk.chosen[-1] in page and "Connect another organisation" in page

    window.wait(f'a page with "{walk.chosen[-1]}" and "Connect another organisation"', names_organisation)


def window_lists_first(walk):
    """The window lists the organisation"""
    walk.bookring.window.wait_for("table", "Organisations")
    walk.bookring.window.wait_for("push button", "Connect another organisation")


def choose_second(walk):
    """In the browser: press Connect another organisation, and choose an organisation"""
    walk.browser.press(name="Connect another organisation")
    return walk.choose()


def list_is_right(walk):
    """The window lists exactly the chosen organisations, each Connected"""
    walk.bookring.expect_statuses(dict.fromkeys(walk.chosen, "Connected"))


def program_ends(walk):
    """End Bookring by a signal"""
    walk.list = walk.bookring.window.rows("Organisations")
    walk.bookring.end()


IN_BROWSER = [sign_in, choose_first, allow_access, choose_second]
STEPS = [
    *(window_opens, connect, sign_in, choose_first, allow_access, window_lists_first),
    *(choose_second, allow_access, list_is_right, program_ends),
]


def main():
    program, folder = sys.argv[1:]
    walk = Walk(program, folder)

    def save_picture(number, step):
        path = str(walk.folder / f"{number:02}-{step.__name__.replace('_', '-')}.png")
        try:
            if step in IN_BROWSER:
                walk.browser.screenshot(path=path)
            elif walk.bookring.running():
                window.screenshot(path)
        except Exception as error:  # noqa: BLE001 - a missing picture fails no step
            print(f"    no picture: {error}")

    code = take(STEPS, walk, save_picture)
    if code != 0:
        return code
    print("\nOrganisations:")
    for row in walk.list:
        print("   ", "  ".join(cell for cell in row if cell))
    print(f"\nPictures: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
