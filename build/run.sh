#!/usr/bin/env bash
# Sets up what is missing, builds Bookring and starts it: with demo data, unless
# a client ID is set (BOOKRING_CLIENT_ID) or built in (BOOKRING_BUILD_CLIENT_ID).
#
# Without a display it starts the same program on a virtual one, does the main
# job through its real window and a real browser, and says how that went
# (walkthrough.py); always with demo data.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	build/build.sh
	if [ -z "${BOOKRING_CLIENT_ID:-}${BOOKRING_BUILD_CLIENT_ID:-}" ]; then
		echo "run: no client ID is set, so Bookring shows demo data"
		set -- -demo "$@"
	fi
	exec build/bin/bookring "$@"
fi

build/setup.sh build walkthrough
build/build.sh
printf 'run: there is no display, so Bookring is walked through on a virtual one\n\n'
exec build/desktop.py --limit 180 build/walkthrough.py build/bin/bookring build/bin/walkthrough
