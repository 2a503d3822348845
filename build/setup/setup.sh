#!/usr/bin/env bash
# Installs the missing packages of the named groups on Debian or Ubuntu.
#
#   build/setup/setup.sh build               builds the program
#   build/setup/setup.sh build desktop       also runs the program on a virtual desktop
#   build/setup/setup.sh build desktop test  also runs the gate
#
# Go and Node must be installed. System packages come from apt, as root or through
# sudo. The front end's packages come from frontend/package-lock.json.
set -euo pipefail
cd "$(dirname "$0")/../.."

say() { printf 'setup: %s\n' "$*"; }
stop() {
	printf 'setup: %s\n' "$*" >&2
	exit 1
}
have() { command -v "$1" >/dev/null 2>&1; }

# Prints the system packages of a group, by their Debian names.
packages_of() {
	case $1 in
	build) echo gcc libc6-dev pkg-config libgtk-3-dev libwebkit2gtk-4.1-dev ;;
	desktop) echo xvfb dbus gnome-keyring at-spi2-core python3 python3-gi gir1.2-atspi-2.0 gir1.2-gtk-3.0 fonts-dejavu-core ;;
	test) echo git shellcheck ;;
	*) stop "unknown group \"$1\"; the groups are build, desktop, test" ;;
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
		have sudo || stop "missing packages, and no sudo to install them: $*"
		as_root=(sudo)
	fi
	say "installing $*"
	# The first attempt fails on a machine without package lists.
	local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
	"${as_root[@]}" "${apt[@]}" install --no-install-recommends "$@" >"$log" 2>&1 && return
	say "updating the package lists"
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
		say "not Debian or Ubuntu: no package was installed. Bookring needs these Debian packages or their equivalents: ${wanted[*]}"
		have gcc || stop "gcc is missing"
		pkg-config --exists gtk+-3.0 webkit2gtk-4.1 ||
			stop "pkg-config or the development files of GTK 3 and WebKitGTK 4.1 are missing"
		return
	fi
	# shellcheck disable=SC2016 # dpkg-query expands the braces
	installed=$(dpkg-query -W -f '${Package} ${Status}\n' "${wanted[@]}" 2>/dev/null) || true
	missing=$(missing_packages "${wanted[@]}")
	# shellcheck disable=SC2086 # one argument per package
	[ -z "$missing" ] || apt_install $missing
}

# Installs a browser for the virtual desktop. Ubuntu's chromium package is a snap, and
# snaps do not run in containers: Ubuntu gets the build from playwright-core.
setup_browser() {
	build/setup/chromium.sh >/dev/null && return
	if have apt-get && grep -qx ID=debian /etc/os-release; then
		apt_install chromium
	else
		say "downloading Chromium"
		npx --prefix frontend playwright-core install --with-deps chromium >"$log" 2>&1 ||
			stop "installing Chromium: $(tail -n 3 "$log")"
	fi
	build/setup/chromium.sh >/dev/null || stop "Chromium was not found after the installation"
}

setup_frontend() {
	local lock=frontend/package-lock.json
	[ frontend/node_modules/.package-lock.json -nt "$lock" ] && return
	say "installing the front end's packages"
	npm ci --prefix frontend --no-audit --no-fund >"$log" 2>&1 || stop "npm ci: $(tail -n 10 "$log")"
}

[ $# -gt 0 ] || stop "name at least one group: build, desktop, test"
mkdir -p build/bin
log=build/bin/setup.log
installed=
need_languages
setup_packages "$@"
setup_frontend
case " $* " in *" desktop "*) setup_browser ;; esac
