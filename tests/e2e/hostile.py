#!/usr/bin/python3
"""A server whose pages are each broken in one way.

usage: hostile.py --port-file FILE

/good is a right board of three jobs; what the others do their name says.
/set/NAME makes /switch answer like /NAME from then on."""
import argparse
import gzip
import http.server
import json
import os
import time

JOBS = [
    {"id": n, "title": "Engineer %d" % n, "url": "http://127.0.0.1/jobs/%d" % n, "text": "We need C."}
    for n in range(3)
]
GOOD = json.dumps({"jobs": JOBS}).encode()
CAPTCHA = b"<html><head><title>Just a moment...</title></head><body>cf-challenge captcha</body></html>"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        name = self.path.strip("/").split("?")[0]
        if name.startswith("set/"):
            self.server.switched = name[4:]
            return self.send(b"set\n")
        if name == "switch":
            name = self.server.switched
        getattr(self, "do_" + name.replace("-", "_"), self.do_missing)()

    def send(self, body, status=200, kind="application/json", length=None, **headers):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body) if length is None else length))
        for key, value in headers.items():
            self.send_header(key.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def do_missing(self):
        self.send(b"not here\n", 404, "text/plain")

    def do_good(self):
        self.send(GOOD)

    def do_gone(self):
        self.send(b"[]", 410)

    def do_slow(self):
        time.sleep(20)

    def do_html(self):
        self.send(b"<!DOCTYPE html><html><body><h1>Welcome</h1></body></html>", kind="text/html")

    def do_captcha(self):
        self.send(CAPTCHA, kind="text/html")

    def do_forbidden(self):
        self.send(b"no", 403, "text/plain")

    def do_throttled(self):
        self.send(b"slow down", 429, "text/plain", Retry_After="7200")

    def do_broken_server(self):
        self.send(b"oops", 500, "text/plain")

    def do_empty(self):
        self.send(b"")

    def do_empty_list(self):
        self.send(b'{"jobs": []}')

    def do_big(self):
        body = b'{"jobs": [' + b" " * (50 * 1024 * 1024) + b"]}"
        try:
            self.send(body)
        except OSError:
            self.close_connection = True

    def do_bomb(self):
        body = gzip.compress(b" " * (200 * 1024 * 1024), 9)
        try:
            self.send(body, Content_Encoding="gzip")
        except OSError:
            self.close_connection = True

    def do_bad_utf8(self):
        self.send(GOOD.replace(b"Engineer 1", b"Engin\xff\xfeer 1"))

    def do_nul(self):
        self.send(GOOD.replace(b"Engineer 1", b"Engi\x00neer 1"))

    def do_nul_escaped(self):
        self.send(GOOD.replace(b"Engineer 1", b"Engi\\u0000neer 1"))

    def do_cut(self):
        self.send(GOOD[: len(GOOD) // 2], length=len(GOOD))
        self.close_connection = True

    def do_cut_json(self):
        self.send(GOOD[: len(GOOD) // 2])

    def do_deep(self):
        self.send(b"[" * 100000 + b"]" * 100000)

    def do_many(self):
        self.send(b'{"jobs":[' + b"{}," * 1000000 + b"{}]}")

    def do_loop(self):
        self.send(b"", 302, Location="/loop")

    def do_elsewhere(self):
        self.send(b"", 302, Location="/good")

    def do_headers(self):
        self.send_response(200)
        try:
            for n in range(20000):
                self.send_header("X-Filler-%d" % n, "x" * 100)
            self.end_headers()
        except OSError:
            pass
        self.close_connection = True

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port-file")
    given = options.parse_args()
    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.switched = "good"
    with open(given.port_file + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % server.server_port)
    os.rename(given.port_file + ".new", given.port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
