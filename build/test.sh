#!/usr/bin/env bash
# The gate: installs missing packages and runs every test (build/gate/parts.py lists
# the parts). The last line is "N passed, N failed, N skipped". The exit code is 0 only
# if no test failed. build/bin/test/ holds the full output of each part.
#
#     build/test.sh [PART...]     all parts, or the named parts
set -euo pipefail
cd "$(dirname "$0")/.."

if ! build/setup/setup.sh build desktop test; then
	printf 'The setup failed; no test ran.\n0 passed, 1 failed, 0 skipped\n'
	exit 1
fi
exec /usr/bin/python3 build/gate/test.py "$@"
