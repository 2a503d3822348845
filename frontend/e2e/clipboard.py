#!/usr/bin/python3
"""The clipboard of the display, from outside.

    clipboard.py read            prints the text
    clipboard.py write TEXT      offers a text until the end of the process, and prints a line once offered
"""

import sys

import gi

gi.require_version("Gdk", "3.0")
gi.require_version("Gtk", "3.0")
from gi.repository import Gdk, Gtk  # noqa: E402 - the versions come first

clipboard = Gtk.Clipboard.get(Gdk.SELECTION_CLIPBOARD)
if sys.argv[1] == "read":
    print(clipboard.wait_for_text() or "", end="")
else:
    clipboard.set_text(sys.argv[2], -1)
    print("there", flush=True)
    Gtk.main()
