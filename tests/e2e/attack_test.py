#!/usr/bin/python3 -B
"""Servers that would fill the memory, the disk or the time of a daemon: each
attack ends soon, with its name, with the workers as small as before, and the
daemon goes on."""
import contextlib
import gzip
import http.server
import json
import signal
import threading
import time
import zlib

import rig
from rig import eq, has, wait

SOURCE = """
source: %s
url: http://127.0.0.1:%d/%s
format: json
jobs: $.jobs[*]
fields: { external_id: $.id, title: $.title, url: $.url }
limits: { rate: unlimited, timeout: %s, concurrency: 8 }
robots: ignore
reason: a test
allow_private: true
"""
GROWTH_KB = 16 * 1024
HURRY = (
    "update careerd.requests set attempt = 9, not_before = '-infinity'"
    " where state = 'queued' and attempt between 1 and 8"
)
GOOD = json.dumps({"jobs": [{"id": 1, "title": "Cook", "url": "http://127.0.0.1/1"}]}).encode()
# 100 MB of zeros
BROTLI = bytes.fromhex(
    "cfffff7ff82700e2b14020f7fe9ffffffff04f00c4610180eefd3fffffffe19f0088c32200ddfb7f"
    "feffffc33f0110870500baf7fffcffff877f02200e0b0074effff31fbc1eff04401c1600e862d703"
)


def packed(megabytes, bits, byte=b" "):
    packer = zlib.compressobj(9, zlib.DEFLATED, bits)
    part = byte * (1 << 20)
    return b"".join(packer.compress(part) for _ in range(megabytes)) + packer.flush()


class Attacker(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.strip("/").split("/")[0]
        with self.server.lock:
            self.server.asked[name] = self.server.asked.get(name, 0) + 1
        with contextlib.suppress(OSError):
            getattr(self, "do_" + name.replace("-", "_"))()

    def head(self, length=None, status=200, **fields):
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        else:
            self.send_header("Connection", "close")
            self.close_connection = True
        for name, value in fields.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def body(self, data, **fields):
        self.head(len(data), **fields)
        self.put(data)

    def put(self, data):
        self.wfile.write(data)

    def for_ever(self, data, pause):
        while True:
            self.put(data)
            time.sleep(pause)

    def do_good(self):
        self.body(GOOD)

    def do_gzip_bomb(self):
        self.body(self.server.gzip, Content_Encoding="gzip")

    def do_deflate_bomb(self):
        self.body(self.server.deflate, Content_Encoding="deflate")

    def do_brotli_bomb(self):
        self.body(BROTLI, Content_Encoding="br")

    def do_nested(self):
        self.body(gzip.compress(self.server.gzip), Content_Encoding="gzip, gzip")

    def do_two_fields(self):
        self.body(gzip.compress(self.server.gzip), Content_Encoding="gzip", Content_encoding="gzip")

    def do_headers(self):
        self.send_response(200)
        self.flush_headers()
        for n in range(100000):
            self.wfile.write(b"X-Filler-%d: %s\r\n" % (n, b"x" * 100))

    def do_header_line(self):
        self.send_response(200)
        self.flush_headers()
        self.put(b"X-Filler: " + b"x" * (50 << 20))

    def do_hints(self):
        while True:
            self.put(b"HTTP/1.1 103 Early Hints\r\nX-Filler: %s\r\n\r\n" % (b"x" * 1000))

    def do_loop(self):
        self.body(b"", status=302, Location="/loop/%d" % time.monotonic_ns())

    def do_endless(self):
        self.head()
        self.for_ever(bytes(65536), 0)

    def do_endless_chunks(self):
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        self.for_ever(b"%x\r\n%s\r\n" % (1 << 16, bytes(1 << 16)), 0)

    def do_slow(self):
        self.head(1 << 20)
        self.for_ever(b" " * 50, 0.1)

    def do_slow_headers(self):
        self.send_response(200)
        self.flush_headers()
        self.for_ever(b"X: y\r\n", 0.5)

    def do_total(self):
        self.head(10 << 20)
        self.for_ever(b" " * 2000, 0.2)

    def do_values(self):
        self.body(b'{"jobs":[' + b"{}," * (5 << 20) + b"{}]}")

    def do_deep(self):
        self.body(b"[" * (8 << 20))

    def do_error_body(self):
        self.head(status=500)
        self.for_ever(bytes(65536), 0)

    def do_reason(self):
        self.wfile.write(b"HTTP/1.1 500 " + b"x" * 60000 + b"\r\nContent-Length: 0\r\n\r\n")

    def log_message(self, *_):
        pass


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Attacker)
        self.lock, self.asked = threading.Lock(), {}
        self.gzip, self.deflate = packed(200, 31), packed(200, 15)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def handle_error(self, request, client_address):
        """Whoever attacks is hung up on."""


# attack -> limits.timeout, seconds it may take, a part of the reason
ATTACKS = {
    "gzip-bomb": ("60s", 5, "unpacks to more than 100 times its size"),
    "deflate-bomb": ("60s", 5, "unpacks to more than 100 times its size"),
    "brotli-bomb": ("60s", 5, "unpacks to more than 100 times its size"),
    "nested": ("60s", 5, "encoded otherwise than once"),
    "two-fields": ("60s", 5, "encoded otherwise than once"),
    "headers": ("60s", 5, "more than 65536 bytes of headers"),
    "header-line": ("60s", 5, "a header line of more than 100 KB"),
    "hints": ("60s", 5, "more than 65536 bytes of headers"),
    "loop": ("60s", 5, "redirects"),
    "endless": ("60s", 8, "more than 16777216 bytes"),
    "endless-chunks": ("60s", 8, "more than 16777216 bytes"),
    "error-body": ("60s", 5, "HTTP status 500"),
    "reason": ("60s", 5, "HTTP status 500"),
    "values": ("60s", 8, "values"),
    "deep": ("60s", 8, "values"),
}
# these take their time: all at once
SLOW = {
    "slow": ("60s", 16, "slow"),
    "slow-headers": ("60s", 16, "slow"),
    "total": ("6s", 7, "timed out"),
}


def memory(pid, field):
    with open("/proc/%d/status" % pid, encoding="ascii") as file:
        for line in file:
            if line.startswith(field + ":"):
                return int(line.split()[1])
    return 0


class Watch:
    """The workers that touch what comes from outside, and their size."""

    def __init__(self, r):
        rows = json.loads(r.run("status", "--json").stdout)["processes"]
        self.roles = {p["pid"]: p["role"] for p in rows if p["role"] in ("fetch", "extract")}
        self.before = {}

    def begin(self):
        for pid in self.roles:
            # the peak is counted anew, where we may ask for that
            with contextlib.suppress(OSError), open("/proc/%d/clear_refs" % pid, "w") as file:
                file.write("5")
            self.before[pid] = memory(pid, "VmHWM")

    def growth(self):
        found = {"fetch": 0, "extract": 0}
        for pid, role in self.roles.items():
            found[role] = max(found[role], memory(pid, "VmHWM") - self.before[pid])
        return found


def runs_of(r, names):
    listed = ",".join("'s-%s'" % n for n in names)
    text = r.sql(
        "select s.name, r.outcome, r.fetch_ms, r.reason"
        " from runs r join sources s on s.id = r.source_id where r.outcome is not null and s.name in (%s)" % listed
    )
    return {line.split("|")[0][2:]: line.split("|")[1:] for line in text.splitlines()}


class Siege:
    def __init__(self, r):
        self.r, self.server, self.text = r, Server(), ""
        self.add("good", "60s")
        self.daemon = r.serve()
        wait(lambda: "good" in runs_of(r, ["good"]), 60, "the good board to be read")
        self.watch, self.worst, self.wrong = Watch(r), {"fetch": 0, "extract": 0}, []

    def add(self, name, timeout):
        self.r.write("s-%s.yaml" % name, SOURCE % ("s-" + name, self.server.server_port, name, timeout))
        self.text += "\n  ./s-%s.yaml: {}" % name
        self.r.configure(self.text, user="")

    def attack(self, attacks):
        for name, (timeout, _, _) in attacks.items():
            self.add(name, timeout)
        self.watch.begin()
        log = len(self.r.log_text())
        self.daemon.send_signal(signal.SIGHUP)
        wait(lambda: self.is_over(attacks), 60, "the end of " + ", ".join(attacks))
        growth = self.watch.growth()
        for name, (outcome, took_ms, *reason) in runs_of(self.r, attacks).items():
            self.judge(name, attacks[name], outcome, float(took_ms) / self.server.asked[name], "|".join(reason), growth)
        if len(self.r.log_text()) - log > 8000:
            self.wrong.append("%s: %d bytes of log" % (list(attacks), len(self.r.log_text()) - log))

    def is_over(self, attacks):
        # What may be tried again is tried once more, and without a pause.
        self.r.run("psql", "--", "-Xqc", HURRY, check=False)
        return len(runs_of(self.r, attacks)) == len(attacks)

    def judge(self, name, wanted, outcome, took_ms, reason, growth):
        _, seconds, part = wanted
        print("%-16s %-8s %6.0f ms, fetch +%d KB, extract +%d KB: %s" % (
            name, outcome, took_ms, growth["fetch"], growth["extract"], reason))  # fmt: skip
        if outcome == "ok" or part not in reason or took_ms > 1000 * (seconds + 1) or len(reason) > 1000:
            self.wrong.append("%s: %s after %.0f ms: %s" % (name, outcome, took_ms, reason))
        if max(growth.values()) > GROWTH_KB:
            self.wrong.append("%s: grew by %s KB" % (name, growth))
        self.worst = {role: max(self.worst[role], growth[role]) for role in growth}


def test_each_attack_ends(r):
    siege = Siege(r)
    size = int(r.sql("select pg_database_size(current_database())"))
    for name, wanted in ATTACKS.items():
        siege.attack({name: wanted})
    siege.attack(SLOW)
    grown = int(r.sql("select pg_database_size(current_database())")) - size
    if siege.wrong:
        raise AssertionError("\n".join(siege.wrong) + "\n" + r.log_text()[-3000:])
    eq(siege.daemon.poll(), None, "the daemon after it all")
    eq(Watch(r).roles, siege.watch.roles, "no worker had to be replaced")
    if grown > 2 << 20:
        raise AssertionError("the database grew by %d bytes" % grown)
    print(
        "table: %d attacks, each ended in time and by name; the most that grew: fetch %.1f MB, "
        "extract %.1f MB; the database by %d KB"
        % (len(ATTACKS) + len(SLOW), siege.worst["fetch"] / 1024, siege.worst["extract"] / 1024, grown / 1024)
    )



rig.main()
