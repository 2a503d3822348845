"""Drives Bookring's real window as a screen reader does, through AT-SPI.

    window = Window(subprocess.Popen(["build/bin/bookring", "-demo"]))
    window.press("Connect to Xero")
    window.wait_for("table", "Organisations")
    window.rows("Organisations")        # [["Kereru Joinery Ltd", "Connected", ...], ...]

The window is looked for on the session bus and the display of the environment
(desktop.py makes a set of them). Whatever is waited for has a limit, in
seconds; when it has passed, TimeoutError says what was waited for and what the
window shows instead.
"""

import os
import time

import gi

gi.require_version("Atspi", "2.0")
gi.require_version("Gdk", "3.0")
from gi.repository import Atspi, Gdk, GLib  # noqa: E402

LIMIT = 20
POLL = 0.03

# What WebKitGTK puts in a text where another element stands.
EMBEDDED = "\ufffc"


def wait(description, look, limit=LIMIT):
    """Returns the first true answer of look()."""
    until = time.monotonic() + limit
    while True:
        try:
            found = look()
        except GLib.Error:
            # The element went away while it was read.
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


def walk(node):
    """Yields a node and everything below it, in reading order."""
    yield node
    for child in children(node):
        yield from walk(child)


def text(node):
    """Returns what a person reads in a node and below it."""
    parts = [text(child) for child in children(node)]
    own = ""
    if node.get_text_iface() is not None:
        own = Atspi.Text.get_text(node, 0, Atspi.Text.get_character_count(node))
    if EMBEDDED in own:
        below = iter(parts)
        said = "".join(next(below, "") if c == EMBEDDED else c for c in own)
    else:
        said = own or " ".join(parts) or node.get_name() or ""
    return " ".join(said.split())


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
        """Yields every element of the window, as it is now."""
        for application in children(Atspi.get_desktop(0)):
            if application.get_name() == self.name:
                # What AT-SPI remembers of the tree is only renewed by a main loop.
                application.clear_cache()
                yield from walk(application)

    def find(self, role, name=None):
        """Returns the first element of a role (AT-SPI's name of it), or None."""
        for node in self.nodes():
            if node.get_role_name() == role and name in (None, node.get_name()):
                return node
        return None

    def wait(self, description, look, limit=LIMIT):
        """Returns the first true answer of look(), as wait() does."""
        try:
            return wait(description, look, limit)
        except TimeoutError as late:
            raise TimeoutError(f"{late}; the window shows:\n{self.outline()}") from None

    def wait_for(self, role, name=None, limit=LIMIT):
        """Returns the element once it is there."""
        return self.wait(f'{role} "{name}"', lambda: self.find(role, name), limit)

    def press(self, name, limit=LIMIT):
        """Presses the button once it is there and enabled."""

        def enabled():
            button = self.find("push button", name)
            return button if button and button.get_state_set().contains(Atspi.StateType.ENABLED) else None

        button = self.wait(f'button "{name}", enabled', enabled, limit)
        if not Atspi.Action.do_action(button, 0):
            raise RuntimeError(f'button "{name}" cannot be pressed')

    def rows(self, table):
        """Returns the table's rows as lists of texts, without its header row."""
        top = self.find("table", table)
        if top is None:
            return []
        rows = []
        for row in walk(top):
            if row.get_role_name() == "table row":
                cells = [c for c in children(row) if c.get_role_name() != "column header"]
                if cells:
                    rows.append([text(cell) for cell in cells])
        return rows

    def outline(self):
        """Returns what the window shows, one line an element that has a name."""
        try:
            shown = [f"  {n.get_role_name()}: {n.get_name()}" for n in self.nodes() if n.get_name()]
        except GLib.Error as gone:
            return f"  (the window went away: {gone.message})"
        return "\n".join(shown) or "  (nothing)"


def picture(path):
    """Saves the whole display as PNG."""
    root = Gdk.get_default_root_window()
    shot = Gdk.pixbuf_get_from_window(root, 0, 0, root.get_width(), root.get_height())
    shot.savev(path, "png", [], [])
