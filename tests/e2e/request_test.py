#!/usr/bin/python3 -B
"""What is sent: bodies of lists and details, what redirects make of them,
and secrets, which go to whom they belong and nowhere else."""
import http.server
import json
import threading

import rig
from rig import eq, has

JOBS = [{"id": 1, "title": "Cook", "path": "/jobs/1"}, {"id": 2, "title": 'Baker "B" & Co', "path": "/jobs/2"}]

POSTING = """
source: posting
request:
  url: %s/list
  json: { words: "{words}", offset: "{page.offset}" }
params: { words: { default: 'a "b"' } }
format: json
jobs: $.jobs[*]
pages: { offset: 2, until: total, max: 3 }
expect: { total: $.total }
fields: { external_id: $.id, title: $.title, url: { path: $.path, as: url } }
detail:
  request:
    url: %s/detail
    %s
  fields: { description: $.text }
limits: { rate: unlimited }
allow_private: true
"""


class Api(http.server.BaseHTTPRequestHandler):
    """Keeps what it was asked: (method, path, headers, body)."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.take(None)

    def do_POST(self):
        self.take(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def take(self, body):
        if self.path != "/robots.txt":
            self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status, kind, text, more = self.server.answer(self, body)
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


def reply(value, status=200, **more):
    return status, "application/json", json.dumps(value), more


def serve(answer):
    """A server that answers by answer(request, body); its base, too."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.asked = []

    def answer_or_nothing(request, body):
        if request.path == "/robots.txt":
            return reply({}, 404)
        return answer(request, body)

    server.answer = answer_or_nothing
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, "http://127.0.0.1:%d" % server.server_port


def board(request, body):
    if request.path == "/list":
        return reply({"total": len(JOBS), "jobs": JOBS})
    moved = {"/detail": "/kept", "/other": "/got"}.get(request.path)
    if moved:
        return reply({}, 308 if moved == "/kept" else 302, Location=moved)
    return reply({"text": "%s %s" % (request.command, body)})


def test_posted_details(r):
    """Each detail has its own body, which a 308 takes along."""
    server, base = serve(board)
    source = r.write("p.yaml", POSTING % (base, base, 'json: { id: "{job.id}", v: { t: "{job.title}" } }'))
    r.write("careerd.yaml", "sources: { ./p.yaml: {} }\n")
    found = [json.loads(line) for line in r.run("source", "test", source, "--json").stdout.splitlines()]
    eq([f["description"] for f in found], ["POST " + json.dumps({"id": str(j["id"]), "v": {"t": j["title"]}}, separators=(",", ":")) for j in JOBS])
    eq(json.loads(server.asked[0][3]), {"words": 'a "b"', "offset": 0})
    del server.asked[:]
    r.run("once", "--task", "scrape")
    kept = [(m, p, json.loads(b)) for m, p, _, b in server.asked if p == "/kept"]
    eq(sorted(b["id"] for _, _, b in kept), ["1", "2"])
    eq({m for m, _, _ in kept}, {"POST"})
    eq({h["Content-Type"] for _, p, h, _ in server.asked if p == "/kept"}, {"application/json"})
    eq(r.sql("select count(*) from jobs where description like 'POST%'"), "2")
    del server.asked[:]
    r.run("once", "--task", "scrape")
    eq([p for _, p, _, _ in server.asked], ["/list"], "details are not asked for again")
    server.shutdown()


def test_moved_away(r):
    """A 302 makes a GET of a POST; a form is encoded as forms are."""
    server, base = serve(board)
    text = POSTING % (base, base, "body: 'id={job.id}&t={job.title}'")
    source = r.write("p.yaml", text.replace("/detail", "/other"))
    r.write("careerd.yaml", "sources: { ./p.yaml: {} }\n")
    found = [json.loads(line) for line in r.run("source", "test", source, "--json").stdout.splitlines()]
    eq([f["description"] for f in found], ["GET None", "GET None"])
    posted = [(h["Content-Type"], b) for _, p, h, b in server.asked if p == "/other"]
    eq(posted[1], ("application/x-www-form-urlencoded", "id=2&t=Baker%20%22B%22%20%26%20Co"))
    del server.asked[:]
    r.run("once", "--task", "scrape")
    eq({(m, b) for m, p, _, b in server.asked if p == "/got"}, {("GET", None)})
    eq(r.sql("select count(*) from jobs where description = 'GET None'"), "2")
    server.shutdown()


rig.main()
