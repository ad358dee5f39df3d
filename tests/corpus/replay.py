#!/usr/bin/python3
"""Replays recordings over HTTP as UTF-8: /BOARD/fNNNN is the NNNN-th file of
BOARD in the list given as JSON.

usage: replay.py NAMES.json --port-file FILE"""
import argparse
import http.server
import json
import os
import re

KINDS = {".json": "application/json", ".html": "text/html", ".rss": "application/rss+xml", ".xml": "text/xml"}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        m = re.fullmatch(r"/([\w-]+)/f(\d{4})", self.path.split("?")[0])
        files = self.server.names.get(m.group(1), []) if m else []
        if not m or int(m.group(2)) >= len(files):
            return self.answer(404, "text/plain", b"not recorded\n")
        path = files[int(m.group(2))]
        with open(path, "rb") as file:
            body = file.read()
        kind = KINDS.get(os.path.splitext(path)[1], "text/plain")
        self.answer(200, kind + "; charset=utf-8", body)

    def answer(self, status, kind, body):
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("names")
    options.add_argument("--port-file")
    given = options.parse_args()
    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    with open(given.names, encoding="utf-8") as file:
        server.names = json.load(file)
    with open(given.port_file + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % server.server_port)
    os.rename(given.port_file + ".new", given.port_file)
    server.serve_forever()


main()
