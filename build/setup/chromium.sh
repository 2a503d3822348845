#!/usr/bin/env bash
# Prints the path of an installed Chromium or Chrome. The exit code is 1 if neither
# is installed.
for name in chromium google-chrome google-chrome-stable; do
	command -v "$name" && exit
done
find "$HOME/.cache/ms-playwright" -path '*/chromium-*/chrome' -type f 2>/dev/null | tail -n 1 | grep .
