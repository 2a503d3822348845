"""The Bookring program under test."""

import os
import pathlib
import subprocess

import window

LIMIT = 30


class Bookring:
    """The program and its window. settings are environment variables of the program; the
    file log receives its standard output and standard error.

    The program opens links with xdg-open. The xdg-open of this class writes the link to
    a file instead of starting a browser.
    """

    def __init__(self, program, log, settings=None):
        home = pathlib.Path(os.environ["HOME"])
        self.program = program
        self.settings = settings or {}
        self.log = open(log, "w+")
        self.opened = home / "opened"
        self.bin = home / "bin"
        self.bin.mkdir()
        opener = self.bin / "xdg-open"
        opener.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >'{self.opened}'\n")
        opener.chmod(0o755)
        self.process = self.window = None

    def start(self, *arguments):
        """Starts the program, and waits until the window has content."""
        self.process = subprocess.Popen(
            [self.program, *arguments],
            stdin=subprocess.DEVNULL,
            stdout=self.log,
            stderr=self.log,
            env={**os.environ, "PATH": f"{self.bin}:{os.environ['PATH']}", **self.settings},
        )
        self.window = window.Window(self.process, limit=60)  # the first start on a machine can be slow

    def running(self):
        return self.process is not None and self.process.poll() is None

    def press_for_link(self, button):
        """Presses a button, and returns the link opened by the program."""
        self.opened.unlink(missing_ok=True)
        self.window.press(button)

        def link():
            return self.opened.exists() and self.opened.read_text().strip()

        return window.wait("a link for the browser", link, LIMIT)

    def expect_statuses(self, statuses):
        """Waits until the list shows exactly these organisations; statuses maps names to
        statuses."""
        expected = sorted([name, status] for name, status in statuses.items())

        def shown():
            return sorted(row[:2] for row in self.window.rows("Organisations"))

        try:
            window.wait("the expected list", lambda: shown() == expected, LIMIT)
        except TimeoutError:
            raise AssertionError(f"the list is {shown()}, not {expected}") from None

    def kill(self):
        self.process.kill()
        self.process.wait(LIMIT)

    def end(self):
        """Ends the program by SIGTERM. Fails on another exit code than 0, and on a
        critical message of GTK."""
        self.process.terminate()
        code = self.process.wait(LIMIT)
        assert code == 0, f"exit code {code}"
        self.log.seek(0)
        assert "CRITICAL" not in self.log.read(), "GTK logged a critical message"
