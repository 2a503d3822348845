#!/usr/bin/env bash
# Sets up what is missing on Debian or Ubuntu, and nothing else.
#
#   build/setup.sh build              to build the program
#   build/setup.sh build walkthrough  and to run it on a virtual display
#   build/setup.sh build walkthrough test
#
# Go and Node must be there. System packages come from apt, as root or through
# sudo; the front end's packages from its lock file.
set -euo pipefail
cd "$(dirname "$0")/.."

say() { printf 'setup: %s\n' "$*"; }
stop() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# The packages of each group, and what to look for where there is no dpkg.
packages_of() {
	case $1 in
	build) echo gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev ;;
	walkthrough) echo xvfb dbus gnome-keyring at-spi2-core python3 python3-gi gir1.2-atspi-2.0 gir1.2-gtk-3.0 fonts-dejavu-core ;;
	test) echo git shellcheck ;;
	*) stop "there is no group \"$1\": build, walkthrough, test" ;;
	esac
}

need_languages() {
	have go || stop "Go is missing: https://go.dev/dl (go.mod names the version)"
	have npm || stop "Node is missing: https://nodejs.org (20.19 or newer, with npm)"
	node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
		stop "Node $(node --version) is too old: Bookring needs 20.19 or newer"
}

missing_packages() {
	local package state
	for package in "$@"; do
		state=$(grep -sxc "$package install ok installed" <<<"$installed") || true
		[ "$state" != 0 ] || echo "$package"
	done
}

apt_install() {
	local as_root=()
	if [ "$(id -u)" != 0 ]; then
		have sudo || stop "these packages are missing, and only root can install them: $*"
		as_root=(sudo)
	fi
	say "installing $*"
	# A machine that has never read the package lists has to do so first.
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
	"${as_root[@]}" "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 && return
	say "reading the package lists"
	"${as_root[@]}" "${apt[@]}" update >"$log" 2>&1 || stop "apt-get update: $(tail -n 3 "$log")"
	"${as_root[@]}" "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 ||
		stop "apt-get install: $(tail -n 5 "$log")"
}

setup_packages() {
	local group wanted=() missing
	for group; do
		# shellcheck disable=SC2207 # package names have no spaces
		wanted+=($(packages_of "$group"))
	done
	if ! have dpkg-query || ! have apt-get; then
		say "this is not Debian or Ubuntu; nothing was installed. Bookring needs what Debian calls: ${wanted[*]}"
		have gcc || stop "gcc is missing"
		pkg-config --exists gtk+-3.0 webkit2gtk-4.1 ||
			stop "pkg-config, or the development files of GTK 3 and WebKitGTK 4.1, are missing"
		return
	fi
	# shellcheck disable=SC2016 # the braces are dpkg-query's
	installed=$(dpkg-query -W -f '${Package} ${Status}\n' "${wanted[@]}" 2>/dev/null) || true
	missing=$(missing_packages "${wanted[@]}")
	# shellcheck disable=SC2086 # one argument a package
	[ -z "$missing" ] || apt_install $missing
}

# A browser for the virtual display. Ubuntu's package is a snap, which does not
# run in a container; there the one that playwright-core fetches is taken.
setup_browser() {
	build/chromium.sh >/dev/null && return
	if have apt-get && grep -qx ID=debian /etc/os-release; then
		apt_install chromium
	else
		say "fetching a browser for the tests"
		npx --prefix frontend playwright-core install --with-deps chromium >"$log" 2>&1 ||
			stop "no Chromium could be installed: $(tail -n 3 "$log")"
	fi
	build/chromium.sh >/dev/null || stop "no Chromium was found after installing one"
}

setup_frontend() {
	local lock=frontend/package-lock.json
	[ frontend/node_modules/.package-lock.json -nt "$lock" ] && return
	say "installing the front end's packages"
	npm ci --prefix frontend --no-audit --no-fund >"$log" 2>&1 || stop "npm ci: $(tail -n 10 "$log")"
}

[ $# -gt 0 ] || stop "name what for: build, walkthrough, test"
mkdir -p build/bin
log=build/bin/setup.log
installed=
need_languages
setup_packages "$@"
setup_frontend
case " $* " in *" walkthrough "*) setup_browser ;; esac
