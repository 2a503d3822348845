#!/usr/bin/env bash
# Builds the release program for Linux, build/bin/bookring. Windows and macOS: wails
# build (README).
#
# BOOKRING_BUILD_CLIENT_ID is a Xero client ID to build in. Builds are reproducible: the
# same commit, tools and client ID give the same bytes in every folder.
set -euo pipefail
cd "$(dirname "$0")/.."
build/setup/setup.sh build

client_id=${BOOKRING_BUILD_CLIENT_ID:-}
if [[ -n $client_id && ! $client_id =~ ^[0-9A-Fa-f]{32}$ ]]; then
	echo "build: BOOKRING_BUILD_CLIENT_ID is not a Xero client ID (32 digits and letters A to F)" >&2
	exit 1
fi
# Bookring shows the commit as part of its version: "+changes" marks uncommitted files.
commit=unknown
if [ "$(git rev-parse --show-toplevel 2>/dev/null)" -ef . ] && head=$(git rev-parse --short=12 HEAD 2>/dev/null); then
	commit=$head$([ -z "$(git status --porcelain)" ] || echo +changes)
fi
version=$(node -p 'require("./wails.json").info.productVersion')

hash_of() { find "$@" -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum; }

# The hashes of the window's sources and of the built window (frontend/dist). Unchanged
# hashes skip the build of the window, which takes seconds.
window_hash() {
	find frontend -mindepth 1 -maxdepth 1 ! -name node_modules ! -name dist ! -name e2e -print0 |
		LC_ALL=C sort -z | xargs -0 -I{} find {} -type f -print0 |
		xargs -0 sha256sum backend/*.json | sha256sum
	hash_of frontend/dist
}

stamp=build/bin/window.sha256
if [ ! -f frontend/dist/index.html ] || [ "$(window_hash)" != "$(cat "$stamp" 2>/dev/null)" ]; then
	echo "build: the window"
	npm run --silent --prefix frontend build -- --logLevel warn
	window_hash >"$stamp"
fi

echo "build: the program"
CGO_ENABLED=1 go build -tags desktop,production,webkit2_41 -trimpath -buildvcs=false \
	-ldflags "-s -w -X main.version=$version -X main.commit=$commit -X main.clientID=$client_id" \
	-o build/bin/bookring .
