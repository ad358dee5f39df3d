#!/bin/sh
# Installs what a task needs with apt, says what and why first.
#
#   deps.sh build    what building and running need
#   deps.sh test     and what the tests need
#   deps.sh lint     and what the analysers need
#
# Works as root and as a user with sudo; asks nothing without a terminal.
set -eu

BUILD="gcc make pkg-config libc6-dev libcurl4-openssl-dev libxml2-dev
 libpq-dev libjansson-dev libyaml-dev libpcre2-dev libsystemd-dev
 libseccomp-dev ca-certificates tzdata"
RUN="python3 python3-aiosmtpd"
TEST="systemd valgrind python3-lxml python3-cssselect iproute2 python3-h2"
LINT="clang clang-format clang-tidy cppcheck"

want="$BUILD $RUN"
why="the compiler and libraries that careerd is built with, Python and
aiosmtpd for the sample boards and the mail server of the demo"
case "${1:-build}" in
build) ;;
test)
	want="$want $TEST"
	why="$why, systemd-analyze, valgrind, an HTML reader, networks of their own
and an HTTP/2 server for the tests"
	;;
lint)
	want="$want $TEST $LINT"
	why="$why, clang and cppcheck for the analysers"
	;;
*)
	echo "usage: deps.sh build|test|lint" >&2
	exit 64
	;;
esac

is_installed() {
	dpkg-query -W -f '${Status}' "$1" 2>/dev/null | grep -q '^install ok'
}

missing=
for package in $want; do
	is_installed "$package" || missing="$missing $package"
done
server=
ls /usr/lib/postgresql/*/bin/postgres >/dev/null 2>&1 || server=postgresql-15
common=
[ -z "$server" ] || is_installed postgresql-common || common=postgresql-common

[ -n "$missing$server" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
	if ! command -v sudo >/dev/null; then
		echo "deps: need root or sudo to install:$missing $server" >&2
		echo "HINT: run as root: apt-get install$missing $server" >&2
		exit 77
	fi
	as_root=sudo
	[ -t 0 ] || as_root="sudo -n"
fi

echo "Installing with apt:$missing $common $server"
echo "Why: $why"
[ -z "$server" ] || echo "and PostgreSQL, whose server careerd runs as a
private cluster of its own."
[ -z "$common" ] || echo "postgresql-common comes first and is told to make no
cluster of its own (create_main_cluster = false in
/etc/postgresql-common/createcluster.conf), so that none is left running."
echo "Debian's packages may add system users and files outside this folder;
nothing else does."

export DEBIAN_FRONTEND=noninteractive
apt_get() {
	$as_root env DEBIAN_FRONTEND=noninteractive apt-get -qq -y \
		-o Dpkg::Use-Pty=0 --no-install-recommends "$@" </dev/null
}
apt_get update
if [ -n "$common" ]; then
	apt_get install postgresql-common
	echo "create_main_cluster = false" |
		$as_root tee -a /etc/postgresql-common/createcluster.conf \
			>/dev/null
fi
# shellcheck disable=SC2086
apt_get install $missing $server
