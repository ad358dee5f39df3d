#!/usr/bin/python3
"""Serves the sample boards on loopback over real HTTP.

usage: server.py [--port N] [--port-file FILE] [--today YYYY-MM-DD]

Answers conditional requests (ETag, Last-Modified); the careers page has no
validators, as many have none. --port-file gets the port once it listens."""
import argparse
import datetime
import hashlib
import http.server
import os
import re
import urllib.parse

import boards

ROBOTS = "User-agent: *\nDisallow: /private/\n"


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "sample-board"

    def page(self):
        """(type, text, has validators) of the path that was asked for."""
        url = urllib.parse.urlsplit(self.path)
        query = dict(urllib.parse.parse_qsl(url.query))
        parts = [urllib.parse.unquote(p) for p in url.path.strip("/").split("/")]
        base = "http://127.0.0.1:%d" % self.server.server_port
        b = self.server.boards
        if url.path == "/robots.txt":
            return "text/plain", ROBOTS, True
        if parts[:3] == ["greenhouse", "v1", "boards"] and len(parts) == 5:
            if parts[3] in b.greenhouse:
                return "application/json", boards.greenhouse(b.greenhouse[parts[3]], base), True
        if parts[:3] == ["lever", "v0", "postings"] and parts[3] in b.lever:
            skip, limit = int(query.get("skip", 0)), int(query.get("limit", boards.LEVER_PAGE))
            return "application/json", boards.lever(b.lever[parts[3]], base, skip, limit), True
        if url.path == "/feed/remote-jobs.rss":
            return "application/rss+xml", boards.feed(b.feed, base), True
        if url.path == "/list/":
            return "text/html", boards.list_page(b.list, base, int(query.get("page", 1))), True
        if re.fullmatch(r"/list/job/\d+", url.path) and b.by_id(int(parts[2])):
            return "text/html", boards.list_detail(b.by_id(int(parts[2]))), True
        if url.path == "/careers/":
            return "text/html", boards.careers(b.careers, base), False
        return None

    def do_GET(self):
        page = self.page()
        if page is None:
            return self.answer(404, "text/plain", b"not found\n", {})
        kind, text, has_validators = page
        body = text.encode()
        headers = {}
        if has_validators:
            headers["ETag"] = '"%s"' % hashlib.sha256(body).hexdigest()[:16]
            if self.headers.get("If-None-Match") == headers["ETag"]:
                return self.answer(304, None, b"", headers)
        return self.answer(200, kind + "; charset=utf-8", body, headers)

    def answer(self, status, kind, body, headers):
        self.send_response(status)
        if kind:
            self.send_header("Content-Type", kind)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--port-file")
    options.add_argument("--today", type=datetime.date.fromisoformat, default=datetime.date.today())
    given = options.parse_args()
    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", given.port), Handler)
    server.boards = boards.Boards(given.today)
    if given.port_file:
        with open(given.port_file + ".new", "w", encoding="ascii") as file:
            file.write("%d\n" % server.server_port)
        os.rename(given.port_file + ".new", given.port_file)
    server.serve_forever()


if __name__ == "__main__":
    main()
