"""Reads and operates Bookring's real window through AT-SPI, as a screen reader does.

    window = Window(subprocess.Popen(["build/bin/bookring", "-demo"]))
    window.press("Connect to Xero")
    window.wait_for("table", "Organisations")
    window.rows("Organisations")        # [["Kereru Joinery Ltd", "Connected", ...], ...]

Display and session bus come from the environment (desktop.py creates both). Every wait
has a limit in seconds. At the limit, TimeoutError names the missing element and lists
the window's present content.
"""

import os
import time

import gi

gi.require_version("Atspi", "2.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Atspi, Gdk, GLib  # noqa: E402

LIMIT = 20
POLL = 0.03

# WebKitGTK's placeholder in a text for an embedded element.
EMBEDDED = "\ufffc"


def wait(description, probe, limit=LIMIT):
    """Calls probe until the result is true, and returns the result."""
    until = time.monotonic() + limit
    while True:
        try:
            found = probe()
        except GLib.Error:
            # The element disappeared while the probe read it.
            found = None
        if found:
            return found
        if time.monotonic() > until:
            raise TimeoutError(f"{description}: not within {limit:.0f} s")
        time.sleep(POLL)


def children(node):
    for index in range(node.get_child_count()):
        child = node.get_child_at_index(index)
        if child is not None:
            yield child


def subtree(node):
    """Yields a node and every node below, in reading order."""
    yield node
    for child in children(node):
        yield from subtree(child)


def text(node):
    """Returns the visible text of a node and of the nodes below."""
    parts = [text(child) for child in children(node)]
    own = ""
    if node.get_text_iface() is not None:
        own = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
    if EMBEDDED in own:
        below = iter(parts)
        full = "".join(next(below, "") if c == EMBEDDED else c for c in own)
    else:
        full = own or " ".join(parts) or node.get_name() or ""
    return " ".join(full.split())


class Window:
    """The window of a running program, a subprocess.Popen.

    The constructor waits until the window has content.
    """

    def __init__(self, process, limit=LIMIT):
        self.process = process
        self.name = os.path.basename(process.args[0])

        def has_content():
            if process.poll() is not None:
                raise RuntimeError(f"{self.name} ended with exit code {process.returncode}")
            return self.find("document web")

        wait(f"{self.name}'s window", has_content, limit)

    def nodes(self):
        """Yields every element of the window in its present state."""
        for application in children(Atspi.get_desktop(0)):
            if application.get_name() == self.name:
                # AT-SPI updates its cache only in a main loop, and no main loop runs here.
                application.clear_cache()
                yield from subtree(application)

    def find(self, role, name=None):
        """Returns the first element of an AT-SPI role, or None."""
        for node in self.nodes():
            if node.get_role_name() == role and name in (None, node.get_name()):
                return node
        return None

    def wait(self, description, probe, limit=LIMIT):
        """Calls probe until the result is true, and returns the result."""
        try:
            return wait(description, probe, limit)
        except TimeoutError as late:
            raise TimeoutError(f"{late}; the window shows:\n{self.outline()}") from None

    def wait_for(self, role, name=None, limit=LIMIT):
        """Waits until the element exists, and returns the element."""
        return self.wait(f'{role} "{name}"', lambda: self.find(role, name), limit)

    def press(self, name, limit=LIMIT):
        """Waits until the button exists and is enabled, and presses the button."""

        def enabled():
            button = self.find("push button", name)
            return button if button and button.get_state_set().contains(Atspi.StateType.ENABLED) else None

        button = self.wait(f'button "{name}", enabled', enabled, limit)
        if not Atspi.Action.do_action(button, 0):
            raise RuntimeError(f'button "{name}" cannot be pressed')

    def mark(self, name):
        """Waits until the check box exists, and marks the check box."""
        Atspi.Action.do_action(self.wait_for("check box", name), 0)

    def rows(self, table):
        """Returns the rows of a table as lists of texts, without the header row."""
        top = self.find("table", table)
        if top is None:
            return []
        rows = []
        for row in subtree(top):
            if row.get_role_name() == "table row":
                cells = [c for c in children(row) if c.get_role_name() != "column header"]
                if cells:
                    rows.append([text(cell) for cell in cells])
        return rows

    def outline(self):
        """Returns the window's named elements, one per line."""
        try:
            lines = [f"  {n.get_role_name()}: {n.get_name()}" for n in self.nodes() if n.get_name()]
        except GLib.Error as gone:
            return f"  (the window disappeared: {gone.message})"
        return "\n".join(lines) or "  (nothing)"


def screenshot(path):
    """Saves the whole display as PNG."""
    root = Gdk.get_default_root_window()
    pixels = Gdk.pixbuf_get_from_window(root, 0, 0, root.get_width(), root.get_height())
    pixels.savev(path, "png", [], [])
