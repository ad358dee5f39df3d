#!/bin/bash
# The whole cycle on the sample boards: fetched over HTTP, read in a jail,
# stored, matched, mailed. Everything it makes is below build/demo.
set -eu
cd "$(dirname "$0")/../.."
demo=$PWD/build/demo
careerd=$PWD/build/careerd
boards=$PWD/tests/board
export STATE_DIRECTORY=$demo/state RUNTIME_DIRECTORY=$demo/run
unset CAREERD_CONFIG CAREERD_USER CREDENTIALS_DIRECTORY
# What another version of the program stored is not read by this one.
schema=$(cat sql/*.up.sql | sha256sum)
if [ -d "$demo" ] && [ "$(cat "$demo/schema" 2>/dev/null)" != "$schema" ]; then
	echo "The database's schema is another one than last time: beginning anew."
	rm -rf "$demo"
fi
mkdir -p "$demo" "$STATE_DIRECTORY" "$RUNTIME_DIRECTORY"
echo "$schema" >"$demo/schema"

pids=
trap 'kill $pids 2>/dev/null || true; wait 2>/dev/null || true' EXIT

say() {
	printf '\n== %s\n\n' "$*"
}

# Start a server on the port it had last time, if that is still free: the
# addresses of the postings hold the port.
serve() { # NAME COMMAND...
	local name=$1 port=0 i
	shift
	[ ! -f "$demo/$name.port" ] || port=$(cat "$demo/$name.port")
	rm -f "$demo/$name.port"
	start "$name" "$port" "$@"
	for i in $(seq 100); do
		[ ! -f "$demo/$name.port" ] || return 0
		kill -0 "$pid" 2>/dev/null || {
			echo "port $port is taken by another program; using another"
			port=0
			start "$name" "$port" "$@"
		}
		sleep 0.1
	done
	echo "demo: $name did not start; see $demo/$name.log" >&2
	exit 69
}

start() {
	local name=$1 port=$2
	shift 2
	/usr/bin/python3 -B "$@" --port "$port" --port-file "$demo/$name.port" \
		>"$demo/$name.log" 2>&1 &
	pid=$!
	pids="$pids $pid"
}

configure() {
	local base
	base=http://127.0.0.1:$(cat "$demo/board.port")
	cat >"$demo/careerd.yaml" <<-YAML
		# Made by make demo.
		user:
		  email: ada@example.org
		  name: Ada Okafor
		  time_zone: Europe/Berlin
		  skills: [C, Linux, PostgreSQL, {name: gdb, years: 6}, Git, Python, {name: Rust, want: true}]
		  locations: [Berlin, Hamburg, remote]
		  experience: mid
		  salary: { min: 65000, currency: EUR, per: year }
		  block: { companies: [Brightkeel], words: [unpaid] }
		  briefing: 08:00
		contact: https://example.org/careerd
		sources:
		  $boards/sources/greenhouse-sample.yaml:
		    { base: "$base", board: [lumenworks, northgate] }
		  $boards/sources/lever-sample.yaml:
		    { base: "$base", site: [tarnbank, hollowell] }
		  $boards/sources/feed-sample.yaml: { base: "$base" }
		  $boards/sources/list-sample.yaml: { base: "$base" }
		  $boards/sources/careers-sample.yaml: { base: "$base" }
		mail:
		  from: Career Copilot <jobs@example.org>
		  smtp: smtp://127.0.0.1:$(cat "$demo/mailbox.port")
	YAML
}

run() {
	"$careerd" -c "$demo/careerd.yaml" "$@"
}

[ -f "$demo/today" ] || date +%F >"$demo/today"
first=yes
[ ! -d "$demo/mail" ] || first=
serve board "$boards/server.py" --today "$(cat "$demo/today")"
serve mailbox "$boards/mailbox.py" "$demo/mail"
configure
mails=$(find "$demo/mail" -name '*.eml' | wc -l)

if [ "$first" ]; then
	say "Fetching the sample boards, storing, matching"
else
	say "Looking at the sample boards again: what has not changed is not read again"
fi
run once --task scrape

say "The best matches of Ada Okafor"
COLUMNS=${COLUMNS:-100} run match list --limit 10 --table

say "The digest mail"
run once --task digest

new=$(find "$demo/mail" -name '*.eml' -newer "$demo/careerd.yaml" | sort | tail -n 1)
if [ "$new" ]; then
	echo
	echo "${new%.eml}.html   (open it in a browser)"
	echo "$new"
elif [ "$mails" != 0 ]; then
	echo
	echo "Nothing new was found, so no second mail was sent: nothing is offered twice."
	echo "The first digest:"
	find "$demo/mail" -name '*.html' | sort | tail -n 1
	find "$demo/mail" -name '*.eml' | sort | tail -n 1
else
	echo "demo: no mail arrived; see $demo/mailbox.log" >&2
	exit 70
fi
