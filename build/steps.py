"""What the walks through the real window share: steps that are taken one by one,
and, where there is no browser, the simulated Xero and the program at it."""

import json
import os
import pathlib
import subprocess
import time
import urllib.request

import window

LIMIT = 30
HOME = pathlib.Path(os.environ["HOME"])


class Xero:
    """The simulated Xero (frontend/e2e/xero) with organisations of these names;
    each method is one command of it."""

    def __init__(self, program, names):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([program], stdin=pipe, stdout=pipe, text=True)
        self.addresses = self.ask(organisations=[{"name": name} for name in names])

    def ask(self, **command):
        print(json.dumps(command), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"the simulated Xero: {answer['error']}")
        return answer.get("answer", answer)

    def asked(self, endpoint):
        """Returns how often an endpoint was asked."""
        return sum(r["endpoint"] == endpoint for r in self.ask(do="requests"))


class Bookring:
    """The program and its window. A folder's xdg-open notes the address that the
    program opens: the system's default browser, as far as it can tell."""

    def __init__(self, program, xero):
        self.program, self.xero = program, xero
        self.opened = HOME / "opened"
        opener = HOME / "bin" / "xdg-open"
        opener.parent.mkdir()
        opener.write_text(f"#!/bin/sh\nprintf '%s\\n' \"$1\" >'{self.opened}'\n")
        opener.chmod(0o755)
        self.log = open(HOME / "run" / "bookring.log", "w+")

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

    def end(self):
        end(self.process, self.log)

    def allow(self, button, person, *names):
        """Presses a button that begins a sign-in, and allows access to these."""
        self.opened.unlink(missing_ok=True)
        self.window.press(button)

        def link():
            return self.opened.exists() and self.opened.read_text().strip()

        link = window.wait("an address for the browser", link, LIMIT)
        back = self.xero.ask(do="allow", link=link, person=person, organisations=names)
        urllib.request.urlopen(back).read()


def end(process, log):
    """Ends the program by a signal: neither it nor the window's toolkit may object."""
    process.terminate()
    code = process.wait(LIMIT)
    assert code == 0, f"exit code {code}"
    log.seek(0)
    assert "CRITICAL" not in log.read(), "the window's toolkit complained"


def take(steps, walk, log, taken=None):
    """Takes steps, functions of walk, until one fails; taken(number, step) is
    called after each. Prints a line for each, and the end of the program's log
    after a failure; returns the exit code."""
    for number, step in enumerate(steps, 1):
        began = time.monotonic()
        print(f"{number:2}  {step.__doc__}", end="", flush=True)
        failure = fact = None
        try:
            fact = step(walk)
        except Exception as error:  # noqa: BLE001 - any way to fail is a failed step
            failure = error
        took = time.monotonic() - began
        print(f": {fact}" if fact else "", f"... {'failed' if failure else 'ok'} ({took:.1f} s)")
        if taken:
            taken(number, step)
        if failure:
            log.seek(0)
            print(f"    {failure!r}\n    Bookring wrote:", *log.read().splitlines()[-20:], sep="\n    ")
            return 1
    return 0
