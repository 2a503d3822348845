#!/usr/bin/python3
"""Takes README's pictures: the first run, the list and the sign-ins with all demo
organisations connected, each in light and dark, and Bookring's page in the browser.
Needs convert (imagemagick).

    build/walks/desktop.py build/walks/pictures.py build/bin/bookring build/pictures
"""

import os
import pathlib
import subprocess
import sys
import tempfile

import walkthrough
import window

THEMES = {"light": "Adwaita", "dark": "Adwaita:dark"}
ORGANISATIONS = 12


def connect_all(walk):
    """Connects every organisation of the demo, one per round."""
    walkthrough.connect(walk)
    walkthrough.sign_in(walk)
    walkthrough.choose_first(walk)
    walkthrough.allow_access(walk)
    for _ in range(ORGANISATIONS - 1):
        walkthrough.choose_second(walk)
        walkthrough.allow_access(walk)
    walkthrough.list_is_right(walk)


def save_window(path):
    """Saves the window as PNG, without the black display around the window."""
    window.screenshot(path)
    subprocess.run(["convert", path, "-trim", "+repage", "-strip", path], check=True, timeout=60)


def take_pictures(program, folder, theme):
    home = tempfile.mkdtemp(prefix=f"{theme}-", dir=os.environ["HOME"])
    os.environ["GTK_THEME"] = THEMES[theme]
    os.environ["HOME"] = home
    os.environ["XDG_DATA_HOME"] = home
    walk = walkthrough.Walk(program, os.path.join(home, "walk"))
    walkthrough.window_opens(walk)
    save_window(str(folder / f"first-run-{theme}.png"))
    connect_all(walk)
    if theme == "light":  # a headless browser has no dark theme
        walk.browser.screenshot(path=str(folder / "browser-page.png"))
    shown = walk.bookring.window
    shown.press("Dismiss")
    window.wait("the end of the notice", lambda: not shown.find("push button", "Dismiss"))
    save_window(str(folder / f"organisations-{theme}.png"))
    shown.press("Sign-ins 1")
    shown.wait_for("push button", "Renew now")
    save_window(str(folder / f"sign-ins-{theme}.png"))
    walkthrough.program_ends(walk)


def main():
    program, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        take_pictures(program, folder, theme)


if __name__ == "__main__":
    main()
