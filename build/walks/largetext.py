#!/usr/bin/python3
"""Tests Bookring's real window with larger text: names are readable, the first button is
visible, no button leaves the window, and no button covers another.

    build/walks/desktop.py --screen 1640x1060 build/walks/largetext.py PROGRAM XERO [DPI...]

XERO is the simulated Xero (frontend/e2e/xero). Without a DPI the walk tests 96, 120, 144
and 192, that is 100 to 200 % of the usual text. A browser's zoom is no replacement:
WebKitGTK multiplies all pixels with the system's text size.
"""

import itertools
import json
import os
import pathlib
import sys

import window
from bookring import LIMIT, Bookring
from gi.repository import Atspi
from steps import take
from xero import Xero

USUAL = 96
DPIS = [96, 120, 144, 192]
SIZES = [(720, 520), (1000, 700), (1180, 760), (1600, 1000)]  # smallest, small, default, large
JO = "Jo Whitmore"
NAMES = [
    *("Abernathy & Sons Builders Limited", "Acorn Nursery School (Harrogate) Ltd", "Amélie Boulangerie SARL"),
    *("Beaumont-Featherstonehaugh Estates LLP", "Beaumont-Featherstonehaugh Farms Limited", "Bramley Motors"),
    *("Kererū Joinery Ltd", "Ó Briain Physiotherapy", "The Old Cinema (Whitby) Community Trust", "Upper Mill Pottery"),
]
REMOVED = NAMES[:2]
# A name counts as readable with this many letters, or as a whole. The width of a bold
# letter is a share of the font size.
LETTERS, FONT_SIZE, LETTER_WIDTH = 16, 13, 0.62
CHECKBOX = 34


class Box:
    """The rectangle of an element on the display, in pixels of the display."""

    def __init__(self, node):
        extents = Atspi.Component.get_extents(node, Atspi.CoordType.SCREEN)
        self.left, self.top = extents.x, extents.y
        self.right, self.bottom = extents.x + extents.width, extents.y + extents.height

    def inside(self, other):
        return self.beside(other) and self.top >= other.top and self.bottom <= other.bottom

    def beside(self, other):
        """Whether left and right edge lie between the edges of other."""
        return self.left >= other.left and self.right <= other.right

    def covers(self, other, slack=2):
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across > slack and down > slack

    def __repr__(self):
        return f"({self.left}, {self.top}) to ({self.right}, {self.bottom})"


class Walk:
    """The program with text of a size, in a window of a size."""

    def __init__(self, program, xero):
        self.program = program
        self.xero = Xero(xero, NAMES)
        self.data = pathlib.Path(os.environ["HOME"], "data")
        log = os.path.join(os.environ["HOME"], "run", "bookring.log")
        self.bookring = Bookring(program, log)

    def restart(self, dpi, size, settings):
        if self.bookring.running():
            self.bookring.end()
        for file in self.data.rglob("window.json"):
            file.write_text(json.dumps({"X": 0, "Y": 0, "Width": size[0], "Height": size[1]}))
        self.scale = dpi / USUAL
        scaled = {"GDK_DPI_SCALE": str(self.scale), "BOOKRING_DATA_DIR": str(self.data)}
        self.bookring.settings = {**settings, **scaled}
        self.bookring.start()

    def frame(self):
        return Box(self.bookring.window.find("frame"))

    def buttons(self):
        """Returns name and rectangle of each visible button."""
        found = [(n.get_name(), Box(n)) for n in self.bookring.window.nodes() if n.get_role_name() == "push button"]
        return [(name, box) for name, box in found if box.right > box.left and box.bottom > box.top]

    def expect_visible(self, name):
        """Fails unless a button is inside the window without scrolling."""
        box = Box(self.bookring.window.wait_for("push button", name))
        assert box.inside(self.frame()), f'"{name}" is at {box}, the window at {self.frame()}'

    def expect_order(self):
        """Fails on a button beyond the left or right edge, and on a covered button."""
        frame, buttons = self.frame(), self.buttons()
        assert buttons, "no button"
        for name, box in buttons:
            assert box.beside(frame), f'"{name}" is at {box}, the window at {frame}'
        for (name, box), (other, covered) in itertools.combinations(buttons, 2):
            # Rows scroll below the bars at the window's edges.
            in_row = [b for b in (name, other) if b.startswith(("Connect again", "As "))]
            assert in_row or not box.covers(covered), f'"{name}" covers "{other}": {box}, {covered}'

    def letters(self, cell, name):
        """Returns the number of a name's letters with room in the cell."""
        box = Box(cell)
        lines = 2 if box.bottom - box.top > 55 * self.scale else 1
        room = (box.right - box.left - CHECKBOX * self.scale - 10) * lines
        return min(len(name), int(room / (FONT_SIZE * LETTER_WIDTH * self.scale)))

    def expect_names(self):
        """Fails if a name is not readable, and returns the room of the longest name in letters."""
        frame, most = self.frame(), 0
        cells = [n for n in self.bookring.window.nodes() if n.get_role_name() == "row header"]
        assert len(cells) == len(NAMES), f"{len(cells)} names"
        for cell in cells:
            name = window.text(cell)
            letters = self.letters(cell, name)
            assert letters >= min(LETTERS, len(name)), f'"{name}" has room for {letters} letters at {Box(cell)}'
            assert Box(cell).beside(frame), f'"{name}" is at {Box(cell)}'
            most = max(most, letters)
        return most


def steps(dpi, size):
    """Returns the steps for text and a window of a size."""
    title = f"{dpi} dpi, {size[0]}x{size[1]}"

    def first_run(walk):
        walk.restart(dpi, size, {})
        walk.expect_visible("Try it with demo data")
        walk.expect_order()
        walk.restart(dpi, size, walk.xero.settings())
        window.wait("content", lambda: walk.buttons(), LIMIT)
        if not walk.bookring.window.find("table", "Organisations"):
            walk.expect_visible("Connect to Xero")

    def names(walk):
        shown = walk.bookring.window
        if shown.find("push button", "Connect to Xero"):
            walk.xero.allow(walk.bookring.press_for_link("Connect to Xero"), JO, NAMES)
            shown.wait_for("table", "Organisations")
            shown.press("Dismiss")
            walk.xero.command(do="disconnect", person=JO, organisations=REMOVED)
            shown.press("Check now")
        shown.wait("two removed organisations", lambda: len(statuses(shown, "Removed in Xero")) == 2, LIMIT)
        walk.expect_order()
        return f"{walk.expect_names()} letters of the longest name"

    def screens(walk):
        shown = walk.bookring.window
        shown.mark(f"Select {NAMES[3]}")
        shown.wait_for("push button", "Forget…")
        walk.expect_order()
        shown.press("Forget…")
        shown.wait_for("push button", "Forget 1 organisation")
        frame = walk.frame()
        for name in ("Cancel", "Forget 1 organisation"):
            assert Box(shown.find("push button", name)).beside(frame), name
        shown.press("Cancel")
        shown.press("Clear selection")
        for screen, ready in {"Sign-ins 1": "Renew now", "Settings": "Back"}.items():
            shown.press(screen)
            shown.wait_for("push button", ready)
            walk.expect_order()

    first_run.__doc__ = f"{title}: the first button is visible without scrolling"
    names.__doc__ = f"{title}: every name is readable"
    screens.__doc__ = f"{title}: no button of any screen is cut off or covered"
    return [first_run, names, screens]


def statuses(shown, status):
    return [row for row in shown.rows("Organisations") if row[1] == status]


def data_exist(walk):
    """The program has made its data"""
    walk.restart(USUAL, SIZES[0], {})
    walk.bookring.end()


def end(walk):
    """End Bookring by a signal"""
    walk.bookring.end()


def main():
    program, xero, *dpis = sys.argv[1:]
    pairs = itertools.product([int(dpi) for dpi in dpis] or DPIS, SIZES)
    tested = [step for dpi, size in pairs for step in steps(dpi, size)]
    return take([data_exist, *tested, end], Walk(program, xero))


if __name__ == "__main__":
    sys.exit(main())
