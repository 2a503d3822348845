#!/usr/bin/env bash
# Generates build/appicon.png and build/windows/icon.ico from build/appicon.svg and
# build/appicon-16.svg. Run after changing a drawing, and commit the result: wails
# build reads the committed icons.
# Needs rsvg-convert (librsvg2-bin) and convert (imagemagick).
set -euo pipefail
cd "$(dirname "$0")/.."

tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT

rsvg-convert -w 1024 -h 1024 appicon.svg -o appicon.png

# Windows adds no margin to an icon, so the Windows icon is drawn without a margin.
sed 's/viewBox="0 0 1024 1024"/viewBox="64 64 896 896"/' appicon.svg >"$tmp/full.svg"
rsvg-convert -w 16 -h 16 appicon-16.svg -o "$tmp/016.png"
for size in 24 32 48 64 128 256; do
	rsvg-convert -w "$size" -h "$size" "$tmp/full.svg" -o "$tmp/$(printf %03d "$size").png"
done
/usr/bin/convert "$tmp"/???.png windows/icon.ico
