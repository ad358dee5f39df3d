#!/usr/bin/python3 -B
"""What is sent: bodies of lists and details, what redirects make of them,
and secrets, which go to whom they belong and nowhere else."""
import base64
import json
import os
import urllib.parse

import rig
from api import reply, serve
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


WAITING = """
source: waiting
url: %s/list
format: json
jobs: $.jobs[*]
fields: { external_id: $.id, title: $.title, url: $.path }
limits: { rate: unlimited }
allow_private: true
"""


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


SECRET = """
source: secret
url: %s/jobs
format: json
jobs: $.jobs[*]
pages: { next: $.next, max: 5 }
fields: { external_id: $.id, title: $.title, url: $.link }
detail: { url: "{job.link}", fields: { description: $.text } }
auth: %s
limits: { rate: unlimited }
allow_private: true
"""
# What no log, row or answer may ever hold.
WORDS = ("q-s3cret/one", "h-s3cret-two", "b-s3cret-3", "u-s3cret-4", "c-s3cret-5", "t-s3cret-6")


def credentials(r, **texts):
    os.makedirs(r.path("creds"), exist_ok=True)
    for name, text in texts.items():
        path = r.path("creds", name.replace("_", "-"))
        with open(path, "w", encoding="ascii") as file:
            file.write(text + "\n")
        os.chmod(path, 0o600)


def nothing_told(r, *outputs):
    """No output and no table holds a secret."""
    dump = "".join(outputs)
    tables = r.sql("select table_name from information_schema.tables where table_schema = 'careerd'").split()
    for table in tables:
        dump += r.sql('select t::text from careerd."%s" t' % table)
    assert len(tables) > 10, tables
    for word in WORDS:
        for text in (word, urllib.parse.quote(word, safe="")):
            if text in dump:
                raise AssertionError("%s was told: %s" % (text, dump[max(0, dump.index(text) - 300):][:400]))


def echoing(elsewhere):
    """Repeats in links and redirects what it was asked with."""

    def answer(request, body):
        url = urllib.parse.urlsplit(request.path)
        if url.path == "/jobs":
            return reply({}, 307, Location="/jobs/?" + url.query + "&again=h-s3cret-two")
        if url.path == "/jobs/":
            page = urllib.parse.parse_qs(url.query).get("page")
            link = "/job/%s?%s" % (2 if page else 1, url.query)
            jobs = [{"id": 2 if page else 1, "title": "Cook", "link": link}]
            if not page:
                jobs.append({"id": 3, "title": "Baker", "link": elsewhere + "/job/3"})
            return reply({"jobs": jobs, "next": None if page else "/jobs/?page=2&" + url.query})
        if url.path == "/job/1":
            return reply({}, 302, Location=elsewhere + "/moved?" + url.query)
        return reply({"text": "of " + url.path})

    return answer


def test_secrets_go_nowhere_else(r):
    other, elsewhere = serve(lambda request, body: reply({"text": "elsewhere"}))
    server, base = serve(echoing(elsewhere))
    credentials(r, app_key=WORDS[0], head=WORDS[1])
    auth = "{ query: { app_id: credential:app-key, app_key: credential:app-key }, header: { X-Key: credential:head } }"
    source = r.write("s.yaml", SECRET % (base, auth))
    r.write("careerd.yaml", "log: debug\nsources: { ./s.yaml: {} }\n")
    test = r.run("source", "test", source, "--json", "--details", "9")
    once = r.run("once", "--task", "scrape")
    eq(r.sql("select outcome from careerd.runs"), "ok", once.stdout + once.stderr)
    query = "app_id=q-s3cret%2Fone&app_key=q-s3cret%2Fone"
    got = sorted({p for _, p, _, _ in server.asked})
    for path in got:
        has(path, query)
        eq(path.count("app_key"), 1, path)
    eq({h.get("X-Key") for _, _, h, _ in server.asked}, {WORDS[1]})
    eq(len(other.asked), 4, "details elsewhere, by source test and by a run")
    told = json.dumps([(p, h) for _, p, h, _ in other.asked])
    nothing_told(r, test.stdout, test.stderr, once.stdout, once.stderr, told)
    server.shutdown()
    other.shutdown()


def test_basic_and_bearer(r):
    def answer(request, body):
        return reply({"jobs": [{"id": 1, "title": "Cook", "link": "/job/1"}]})

    server, base = serve(answer)
    credentials(r, user=WORDS[3], password=WORDS[2])
    r.write("careerd.yaml", "")
    wanted = (
        ("{ bearer: credential:password }", "Bearer " + WORDS[2]),
        ("{ basic: { user: credential:user, password: '' } }", WORDS[3] + ":"),
        ("{ basic: { user: ada, password: credential:password } }", "ada:" + WORDS[2]),
    )
    for auth, header in wanted:
        text = SECRET % (base, auth)
        text = text[: text.index("detail:")] + text[text.index("auth:"):]
        del server.asked[:]
        r.run("source", "test", r.write("s.yaml", text))
        if ":" in header:
            header = "Basic " + base64.b64encode(header.encode()).decode()
        eq([h["Authorization"] for _, _, h, _ in server.asked], [header])
    os.chmod(r.path("creds", "user"), 0o644)
    done = r.run("source", "test", r.write("s.yaml", SECRET % (base, wanted[1][0])), check=False)
    has(done.stderr, "others may read it (mode 0644)")
    server.shutdown()


class Tokens:
    """An API whose tokens are good for a number of requests."""

    def __init__(self):
        self.given, self.left, self.life = 0, 0, 3600

    def __call__(self, request, body):
        if request.path.startswith("/token"):
            form = dict(urllib.parse.parse_qsl(body))
            if form.get("client_secret") != WORDS[4]:
                return reply({"error": "invalid_client", "error_description": str(form)}, 401)
            eq(form, {"grant_type": "client_credentials", "client_id": WORDS[3], "client_secret": WORDS[4], "scope": "jobs all"})
            self.given, self.left = self.given + 1, 100
            return reply({"access_token": WORDS[5] + str(self.given), "token_type": "Bearer", "expires_in": self.life})
        self.left -= 1
        if self.left < 0 or request.headers.get("Authorization") != "Bearer %s%d" % (WORDS[5], self.given):
            return reply({}, 401)
        if request.path == "/jobs":
            return reply({"jobs": [{"id": n, "title": "Cook %d" % n, "link": "/job/%d" % n} for n in range(5)]})
        return reply({"text": "of " + request.path})


def test_tokens(r):
    """A token is asked for once and again when it ended; a refusal is named."""
    api = Tokens()
    server, base = serve(api)
    credentials(r, id=WORDS[3], secret=WORDS[4])
    auth = "{ oauth2: { url: '%s/token?realm=%%2Fx', id: credential:id, secret: credential:secret, scope: jobs all } }" % base
    text = SECRET % (base, auth)
    text = text.replace("pages: { next: $.next, max: 5 }", "").replace("rate: unlimited", "rate: unlimited, concurrency: 8")
    r.write("s.yaml", text)
    r.write("careerd.yaml", "log: debug\nsources: { ./s.yaml: {} }\n")
    once = r.run("once", "--task", "scrape")
    eq(r.sql("select count(*) from jobs where description like 'of /job/%'"), "5", once.stdout)
    eq(api.given, 1, "one token for all")
    test = r.run("source", "test", r.path("s.yaml"))
    api.life = 1
    again = r.run("once", "--task", "scrape")
    nothing_told(r, once.stdout, once.stderr, test.stdout, test.stderr, again.stdout, again.stderr)
    credentials(r, secret="wrong-s3cret")
    done = r.run("source", "test", r.path("s.yaml"), check=False)
    has(done.stdout, "no token was given: invalid_client")
    eq(done.returncode, 69)
    os.unlink(r.path("creds", "secret"))
    done = r.run("source", "test", r.path("s.yaml"), check=False)
    has(done.stderr, "credential secret: not found")
    done = r.run("once", "--task", "scrape", check=False)
    has(done.stderr + done.stdout, "credential secret: not found")
    has(done.stdout, "credential secret is missing")
    server.shutdown()


def test_waits_are_said(r):
    """Whoever runs it in the foreground knows why nothing moves."""
    left = [1]

    def board(request, body):
        if left:
            left.pop()
            return reply({}, 429, **{"Retry-After": "4"})
        return reply({"jobs": [{"id": 1, "title": "Cook", "path": "/jobs/1"}]})

    server, base = serve(board)
    r.write("w.yaml", WAITING % base)
    r.write("careerd.yaml", "sources: { ./w.yaml: {} }\n")
    done = r.run("once", "--task", "scrape")
    has(done.stdout, "waits      ")
    has(done.stdout, " s: HTTP status 429")
    has(done.stdout, "1 found, 1 new")
    server.shutdown()


def test_refused_are_counted(r):
    """A posting without a usable address is none, and somebody should know."""
    rows = [{"id": 1, "title": "Cook", "path": "/jobs/1"}, {"id": 2, "title": "Baker", "path": "javascript:apply()"}]
    server, base = serve(lambda request, body: reply({"jobs": rows}))
    r.write("w.yaml", WAITING % base)
    r.write("careerd.yaml", "sources: { ./w.yaml: {} }\n")
    has(r.run("once", "--task", "scrape").stdout, "1 found, 1 new, 1 refused; 1 page")
    server.shutdown()


rig.main()
