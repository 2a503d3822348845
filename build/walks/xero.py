"""The simulated Xero as a server process (frontend/e2e/xero)."""

import json
import subprocess
import urllib.request


class Xero:
    """A simulated Xero with organisations of the given names, all accessible to one
    user, Jo Whitmore."""

    def __init__(self, program, names):
        pipe = subprocess.PIPE
        self.process = subprocess.Popen([program], stdin=pipe, stdout=pipe, text=True)
        self.addresses = self.command(organisations=[{"name": name} for name in names])

    def command(self, **fields):
        """Sends a command (frontend/e2e/xero/main.go lists the commands), and returns
        the answer."""
        print(json.dumps(fields), file=self.process.stdin, flush=True)
        answer = json.loads(self.process.stdout.readline())
        if "error" in answer:
            raise RuntimeError(f"simulated Xero: {answer['error']}")
        return answer.get("answer", answer)

    def settings(self):
        """Returns the environment variables that make Bookring use the simulated Xero."""
        return {
            "BOOKRING_XERO_DISCOVERY": self.addresses["discovery"],
            "BOOKRING_XERO_API": self.addresses["api"],
            "BOOKRING_CLIENT_ID": self.addresses["clientID"],
        }

    def allow(self, link, person, names):
        """Takes the place of the browser: signs in at the link, allows access to the
        organisations, and returns to Bookring."""
        redirect = self.command(do="allow", link=link, person=person, organisations=names)
        urllib.request.urlopen(redirect).read()

    def request_count(self, endpoint):
        return sum(r["endpoint"] == endpoint for r in self.command(do="requests"))
