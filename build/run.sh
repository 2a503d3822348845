#!/usr/bin/env bash
# Installs missing packages, builds Bookring and starts it. Bookring shows demo data
# unless a client ID is set (BOOKRING_CLIENT_ID) or built in (BOOKRING_BUILD_CLIENT_ID).
#
# Without a display, the script starts the program with demo data on a virtual display
# and connects two organisations through the real window and a real browser
# (build/walks/walkthrough.py). The exit code is then the result of the walk-through.
set -euo pipefail
cd "$(dirname "$0")/.."

if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
	build/build.sh
	if [ -z "${BOOKRING_CLIENT_ID:-}${BOOKRING_BUILD_CLIENT_ID:-}" ]; then
		echo "run: no client ID is set; Bookring shows demo data"
		set -- -demo "$@"
	fi
	exec build/bin/bookring "$@"
fi

build/setup/setup.sh build desktop
build/build.sh
printf 'run: no display found; the walk-through runs on a virtual display\n\n'
exec build/walks/desktop.py --limit 180 build/walks/walkthrough.py build/bin/bookring build/bin/walkthrough
