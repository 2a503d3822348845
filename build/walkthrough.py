#!/usr/bin/python3
"""Does Bookring's main job as a person does, through the program's real window
and a real browser: connect an organisation, connect another from the browser's
page, and find both in the list.

    build/desktop.py build/walkthrough.py PROGRAM FOLDER

PROGRAM runs with demo data. Each step prints a line and leaves a numbered
picture in FOLDER. Exit code 0 means that the list was right.
"""

import json
import os
import pathlib
import subprocess
import sys

import window
from steps import end, take

HERE = pathlib.Path(__file__).resolve().parent
LIMIT = 20


class Browser:
    """A headless Chromium (browser.mjs). Each method is one command of it."""

    def __init__(self, log):
        self.process = subprocess.Popen(
            ["node", HERE / "browser.mjs"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def __getattr__(self, name):
        def command(**arguments):
            print(json.dumps({"do": name, **arguments}), file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the browser has ended")
            reply = json.loads(line)
            if "error" in reply:
                raise RuntimeError(f"the browser: {reply['error']}")
            return reply["answer"]

        return command


class Walk:
    """What the steps share: the program, its window, the browser, and the names
    of the organisations chosen so far."""

    def __init__(self, program, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        for old in self.folder.glob("*"):
            old.unlink()
        self.log = open(self.folder / "bookring.log", "w+")
        self.opened = pathlib.Path(os.environ["HOME"], "opened")
        self.opened.touch()
        self.chosen = []
        self.browser = Browser(self.log)
        self.process = subprocess.Popen(
            [program, "-demo"],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, "PATH": f"{self.default_browser()}:{os.environ['PATH']}"},
        )
        self.window = None

    def default_browser(self):
        """Makes a folder with an xdg-open that notes the address it is given: the
        system's default browser, as far as the program can tell."""
        folder = self.opened.with_name("bin")
        folder.mkdir()
        opener = folder / "xdg-open"
        opener.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >>'{self.opened}'\n")
        opener.chmod(0o755)
        return folder

    def choose(self):
        """Chooses the first organisation that can be chosen, and allows access."""
        names = window.wait("an organisation to choose", lambda: self.browser.names(role="radio"), LIMIT)
        self.browser.choose(name=names[0])
        self.chosen.append(names[0])
        return names[0]

    def connected(self):
        """Reads Bookring's page in the browser, which must name what was connected."""

        def says():
            page = self.browser.text()
            return self.chosen[-1] in page and "Connect another organisation" in page

        window.wait(f'a page that names "{self.chosen[-1]}" and offers another', says, LIMIT)


def window_opens(walk):
    """Bookring's window is open"""
    walk.window = window.Window(walk.process, limit=60)  # the first start on a machine can be slow
    walk.window.wait_for("push button", "Connect to Xero")


def connect(walk):
    """Press Connect to Xero; the browser opens, and the window waits"""
    walk.window.press("Connect to Xero")
    walk.window.wait_for("push button", "Cancel")
    address = window.wait("an address for the browser", walk.opened.read_text, LIMIT).splitlines()[0]
    walk.browser.open(address=address)


def sign_in(walk):
    """In the browser: sign in"""
    person = next(n for n in walk.browser.names(role="button") if n != "Cancel")
    walk.browser.press(name=person)
    return f"as {person}"


def choose_first(walk):
    """Choose an organisation"""
    return walk.choose()


def allow_first(walk):
    """Allow access; Bookring's page names what was connected"""
    walk.browser.press(name="Allow access")
    walk.connected()


def window_lists_first(walk):
    """The window lists it"""
    walk.window.wait_for("table", "Organisations")
    walk.window.wait_for("push button", "Connect another organisation")


def choose_second(walk):
    """On that page: Connect another organisation, and choose it"""
    walk.browser.press(name="Connect another organisation")
    return walk.choose()


def list_is_right(walk):
    """The window lists exactly what was chosen, each Connected"""
    expected = sorted([name, "Connected"] for name in walk.chosen)

    def listed():
        return sorted(row[:2] for row in walk.window.rows("Organisations"))

    try:
        window.wait("the right list", lambda: listed() == expected, LIMIT)
    except TimeoutError:
        raise AssertionError(f"the list is {listed()}, not {expected}") from None


def program_ends(walk):
    """Bookring ends when asked to"""
    walk.list = walk.window.rows("Organisations")
    end(walk.process, walk.log)


IN_BROWSER = [sign_in, choose_first, allow_first, choose_second]
STEPS = [
    *(window_opens, connect, sign_in, choose_first, allow_first, window_lists_first),
    *(choose_second, allow_first, list_is_right, program_ends),
]


def main():
    program, folder = sys.argv[1:]
    walk = Walk(program, folder)

    def show(number, step):
        """Takes the picture of a step."""
        path = str(walk.folder / f"{number:02}-{step.__name__.replace('_', '-')}.png")
        try:
            if step in IN_BROWSER:
                walk.browser.picture(path=path)
            elif walk.process.poll() is None:
                window.picture(path)
        except Exception as error:  # noqa: BLE001 - the walk is about the steps
            print(f"    no picture: {error}")

    code = take(STEPS, walk, walk.log, show)
    if code != 0:
        return code
    print("\nOrganisations:")
    for row in walk.list:
        print("   ", "  ".join(cell for cell in row if cell))
    print(f"\nPictures: {folder}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
