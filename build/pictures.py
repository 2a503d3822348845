#!/usr/bin/python3
"""Takes the pictures that README shows: the real window with all organisations
of the demo and the sign-in that carries them, in light and in dark, and
Bookring's page in the browser.

    build/desktop.py build/pictures.py build/bin/bookring build/pictures
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
    """Connects every organisation of the demo, one round after the other."""
    walkthrough.window_opens(walk)
    walkthrough.connect(walk)
    walkthrough.sign_in(walk)
    walkthrough.choose_first(walk)
    walkthrough.allow_first(walk)
    for _ in range(ORGANISATIONS - 1):
        walkthrough.choose_second(walk)
        walkthrough.allow_first(walk)
    walkthrough.list_is_right(walk)


def crop(walk, path):
    """Saves the window alone: everything but the black around it."""
    window.picture(path)
    subprocess.run(["convert", path, "-trim", "+repage", "-strip", path], check=True, timeout=60)


def take(program, folder, theme):
    home = tempfile.mkdtemp(prefix=f"{theme}-", dir=os.environ["HOME"])
    os.environ["GTK_THEME"] = THEMES[theme]
    os.environ["HOME"] = home
    os.environ["XDG_DATA_HOME"] = home
    walk = walkthrough.Walk(program, os.path.join(home, "walk"))
    walkthrough.window_opens(walk)
    crop(walk, str(folder / f"first-run-{theme}.png"))
    connect_all(walk)
    if theme == "light":  # the browser has no desktop whose theme it could follow
        walk.browser.picture(path=str(folder / "browser-page.png"))
    walk.window.press("Dismiss")
    window.wait("the notice to go", lambda: not walk.window.find("push button", "Dismiss"))
    crop(walk, str(folder / f"organisations-{theme}.png"))
    walk.window.press("Sign-ins 1")
    walk.window.wait_for("push button", "Renew now")
    crop(walk, str(folder / f"sign-ins-{theme}.png"))
    walkthrough.program_ends(walk)


def main():
    program, folder = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for theme in THEMES:
        take(program, folder, theme)


if __name__ == "__main__":
    main()
