#!/usr/bin/env bash
# Sets up what is missing and tests everything; test.py says what that is. The
# last line is "N passed, N failed, N skipped", and the exit code is 0 only if
# nothing failed. Every part's full output is left in build/bin/test/.
set -euo pipefail
cd "$(dirname "$0")/.."

if ! build/setup.sh build walkthrough test; then
	printf 'The machine could not be set up, so nothing was tested.\n0 passed, 1 failed, 0 skipped\n'
	exit 1
fi
exec /usr/bin/python3 build/test.py "$@"
