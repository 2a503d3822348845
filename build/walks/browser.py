"""A headless Chromium as a child process (browser.mjs)."""

import json
import pathlib
import subprocess

DRIVER = pathlib.Path(__file__).with_name("browser.mjs")


class Browser:
    """Each method is a command of browser.mjs; the keyword arguments are its fields."""

    def __init__(self, log):
        self.process = subprocess.Popen(
            ["node", DRIVER],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            text=True,
        )

    def __getattr__(self, name):
        def command(**fields):
            print(json.dumps({"do": name, **fields}), file=self.process.stdin, flush=True)
            line = self.process.stdout.readline()
            if not line:
                raise RuntimeError("the browser has ended")
            reply = json.loads(line)
            if "error" in reply:
                raise RuntimeError(f"browser: {reply['error']}")
            return reply["answer"]

        return command
