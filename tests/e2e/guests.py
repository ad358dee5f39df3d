#!/usr/bin/python3
"""Many hosts in one process, each a port of its own, which write down what
they are asked.

usage: guests.py --hosts N --port-file FILE --log FILE

The port file holds the first port; the others follow it. Every host serves

/robots.txt          as /be/HOST/ANSWER said last (else: 404)
/jobs/NAME/OF/PAGE   a page of OF of ten jobs, with an ETag; 304 if it is known
/drip                some bytes in a while, for ever
/dripping            how many of these are under way

and the log gets a line a request: host, begin and end in ms, whether the
request was conditional, the status, the path."""
import argparse
import http.server
import json
import os
import socket
import socketserver
import threading
import time

RULES = b"User-agent: *\nDisallow: /jobs/private\n"
PAGE_JOBS = 10


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.begin = time.time() * 1000
        self.status = 0
        try:
            self.route(self.path.strip("/").split("/"))
        except OSError:
            self.close_connection = True
        self.server.note(self)

    def route(self, words):
        if words[0] == "robots.txt":
            self.robots(self.server.robots)
        elif words[0] == "moved":
            self.robots(words[1] if len(words) > 1 else "rules")
        elif words[0] == "jobs":
            self.jobs(words[1], int(words[2]), int(words[3]))
        elif words[0] == "drip":
            self.drip()
        elif words[0] == "dripping":
            self.send(200, b"%d" % self.server.group.dripping)
        elif words[0] == "be":
            self.server.group.hosts[int(words[1])].robots = words[2]
            self.send(200, b"so be it\n")
        else:
            self.send(404, b"not here\n")

    def send(self, status, body, kind="text/plain", **headers):
        self.status = status
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def robots(self, answer):
        """rules, empty, html, cut, stall, reset, a status, moved-N."""
        if answer == "rules":
            self.send(200, RULES)
        elif answer == "none":
            self.send(404, b"not here\n")
        elif answer == "slowly":
            self.send(200, b"User-agent: *\nCrawl-delay: 1\n")
        elif answer == "empty":
            self.send(200, b"")
        elif answer == "html":
            self.send(200, b"<html><body>Welcome!</body></html>", "text/html")
        elif answer == "all":
            self.send(200, b"User-agent: careerd\nDisallow: /\n\nUser-agent: *\nAllow: /\n")
        elif answer == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(RULES)
            self.close_connection = True
        elif answer == "stall":
            time.sleep(30)
        elif answer == "reset":
            self.close_connection = True
            self.connection.shutdown(socket.SHUT_RDWR)
        elif answer.startswith("moved-"):
            left = int(answer[6:])
            to = "/moved/moved-%d" % (left - 1) if left > 1 else "/moved/rules"
            self.send(302, b"", Location=to)
        elif answer.startswith("away-"):
            port = self.server.group.hosts[int(answer[5:])].server_address[1]
            self.send(301, b"", Location="http://127.0.0.1:%d/moved/rules" % port)
        else:
            self.send(int(answer), b"status\n")

    def jobs(self, name, last, page):
        etag = '"%s-%d"' % (name, page)
        if self.headers["If-None-Match"] == etag:
            self.status = 304
            self.send_response(304)
            self.send_header("ETag", etag)
            self.end_headers()
            return
        jobs = [
            {
                "id": "%s-%d-%d" % (name, page, n),
                "title": "Engineer %s %d %d" % (name, page, n),
                "url": "http://127.0.0.1/%s/%d/%d" % (name, page, n),
            }
            for n in range(PAGE_JOBS)
        ]
        self.send(200, json.dumps({"jobs": jobs, **({"last": True} if page >= last else {})}).encode(), "application/json", ETag=etag)

    def drip(self):
        """Just fast enough not to be given up."""
        self.send_response(200)
        self.send_header("Content-Length", "10000000")
        self.end_headers()
        self.server.group.drips(1)
        try:
            while True:
                self.wfile.write(b"x" * 4096)
                time.sleep(2)
        finally:
            self.server.group.drips(-1)

    def log_message(self, *_):
        pass


class Host(socketserver.ThreadingMixIn, http.server.HTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, group, number, port):
        self.group, self.number, self.robots = group, number, "none"
        self.open_now = self.open_most = 0
        super().__init__(("127.0.0.1", port), Handler)

    def note(self, request):
        self.group.note(
            "%d %.0f %.0f %s %d %s"
            % (
                self.number,
                request.begin,
                time.time() * 1000,
                "conditional" if request.headers["If-None-Match"] else "plain",
                request.status,
                request.path,
            )
        )

    def process_request_thread(self, request, client_address):
        with self.group.lock:
            self.open_now += 1
            self.open_most = max(self.open_most, self.open_now)
        try:
            super().process_request_thread(request, client_address)
        finally:
            with self.group.lock:
                self.open_now -= 1
            if self.open_most > 1:
                self.group.note("%d 0 0 many 0 %d" % (self.number, self.open_most))


class Group:
    def __init__(self, n, log):
        self.lock, self.dripping = threading.Lock(), 0
        self.log = open(log, "a", buffering=1)
        while True:
            try:
                self.hosts = []
                first = Host(self, 0, 0)
                self.hosts.append(first)
                for i in range(1, n):
                    self.hosts.append(Host(self, i, first.server_address[1] + i))
                return
            except OSError:
                for host in self.hosts:
                    host.server_close()

    def drips(self, more):
        with self.lock:
            self.dripping += more

    def note(self, line):
        with self.lock:
            self.log.write(line + "\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hosts", type=int, required=True)
    parser.add_argument("--port-file", required=True)
    parser.add_argument("--log", required=True)
    args = parser.parse_args()
    group = Group(args.hosts, args.log)
    for host in group.hosts:
        threading.Thread(target=host.serve_forever, daemon=True).start()
    with open(args.port_file + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % group.hosts[0].server_address[1])
    os.rename(args.port_file + ".new", args.port_file)
    threading.Event().wait()


main()
