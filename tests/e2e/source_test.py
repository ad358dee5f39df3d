#!/usr/bin/python3 -B
"""careerd config check, source check and source test: on files, on saved
pages and on the sample boards, with nothing stored."""
import http.server
import json
import os
import threading

import rig
from rig import eq, has

SAMPLES = os.path.join(rig.BOARD, "sources")
PAGE = json.dumps(
    {"jobs": [{"id": n, "t": "Engineer %d" % n, "u": "/jobs/%d" % n, "s": "EUR 60k-70k a year"} for n in (1, 2)]
     + [{"id": 3, "u": "/jobs/3"}]}
)  # fmt: skip
SOURCE = """
source: saved
params: { board: { required: true, help: its name } }
url: https://x.example/{board}/jobs
format: json
jobs: $.jobs[*]
fields: { external_id: $.id, title: $.t, url: $.u, company: "{board}", salary: $.s, odd: $.odd }
"""


SCRAPERS = os.path.join(rig.TOP, "scrapers")


def sample(name):
    return os.path.join(SAMPLES, name + "-sample.yaml")


def test_config_check(r):
    r.write("careerd.yaml", r.run("config", "sample", check=False).stdout)
    done = r.run("config", "check")
    has(done.stdout, "right, 2 sources")
    r.write("careerd.yaml", "usr: {}\nlog: loud\nsources: { greenhosue: {} }\n")
    done = r.run("config", "check", check=False)
    eq(done.returncode, 78)
    lines = done.stderr.strip().split("\n")
    eq(len(lines), 3, done.stderr)
    has(lines[0], "careerd.yaml:1:1: unknown key 'usr' (did you mean 'user'?)")
    has(lines[1], "careerd.yaml:2:6: expected debug, info, warn or error, found 'loud'")
    has(lines[2], "careerd.yaml:3:12: there is no shipped source 'greenhosue' (did you mean 'greenhouse'?)")
    faults = [json.loads(line) for line in r.run("config", "check", "--json", check=False).stdout.splitlines()]
    eq([(f["line"], f["column"]) for f in faults], [(1, 1), (2, 6), (3, 12)])
    r.config = r.path("none.yaml")
    eq(r.run("config", "check", check=False).returncode, 66)


def test_source_shipped(r):
    done = r.run("source", "shipped", "--json")
    shipped = {row["name"]: row for row in map(json.loads, done.stdout.splitlines())}
    eq(sorted(n + ".yaml" for n in shipped), sorted(n for n in os.listdir(SCRAPERS) if n.endswith(".yaml")))
    remotive = shipped["remotive"]
    eq([remotive[k] for k in ("attribution", "per_day", "robots_ignored")], ["Remotive", 4, True])
    has(remotive["robots_reason"], "the owner offers this address to programs")
    has(remotive["asks"], "to be named (Remotive), 6h between runs, 4 requests a day, robots.txt is passed over")
    eq([n for n in shipped if not shipped[n]["enabled"]], ["eures"])
    eq(sorted(shipped["adzuna"]["credentials"]), ["adzuna-id", "adzuna-key"])
    eq([p["name"] for p in shipped["lever"]["params"] if p["required"]], ["site"])
    for row in shipped.values():
        assert row["about"] and row["homepage"], row["name"]
        eq(row["told"] or "", ", ".join(p["name"] if p["required"] else "[%s]" % p["name"] for p in row["params"]))
    has(r.run("source", "shipped").stdout, "lever")


def test_source_check(r):
    r.write("careerd.yaml", "")
    done = r.run("source", "check", *(sample(n) for n in ("greenhouse", "lever", "feed", "list", "careers")))
    has(done.stdout, "5 sources: right")
    r.write("bad.yaml", SOURCE.replace("json", "html").replace("$.jobs[*]", "'li >> a'").replace("fields", "feilds"))
    done = r.run("source", "check", r.path("bad.yaml"), check=False)
    eq(done.returncode, 65)
    has(done.stderr, "bad.yaml:6:7: 'li >> a' is not a CSS selector")
    has(done.stderr, "bad.yaml:7:1: unknown key 'feilds' (did you mean 'fields'?)")
    r.write("careerd.yaml", "sources:\n  ./good.yaml: { board: a, jobs: '$.jobs[', fields: { title: { re: '(' }, url: $.u } }\n")
    r.write("good.yaml", SOURCE)
    done = r.run("source", "check", check=False)
    eq(done.returncode, 78)
    has(done.stderr, "careerd.yaml:2:34: '$.jobs[' is not a JSONPath")
    has(done.stderr, "careerd.yaml:2:68: '(' is not a regular expression")
    eq(r.run("source", "check", "greenhosue", check=False).returncode, 66)
    eq(r.run("source", "check", r.path("none.yaml"), check=False).returncode, 66)


def test_saved_page(r):
    """Read without any network; what lacks a title is refused and said."""
    before = os.listdir(r.path("state"))
    r.write("careerd.yaml", "")
    source, page = r.write("s.yaml", SOURCE), r.write("page.json", PAGE)
    done = r.run("source", "test", source, "--param", "board=Acme", "--page", page, "--json")
    jobs = [json.loads(line) for line in done.stdout.splitlines()]
    eq([j["title"] for j in jobs], ["Engineer 1", "Engineer 2"])
    eq(jobs[0]["url"], "https://x.example/jobs/1")
    eq(jobs[0]["company"], "Acme")
    eq(jobs[0]["salary"]["min"], 60000)
    has(done.stderr, "saved/Acme: ok; 2 jobs of 3 items on 1 page")
    table = r.run("source", "test", source, "--page", page, "--param", "board=Acme").stdout
    has(table, "metadata.odd\t0\t0%")
    has(table, "salary\t2\t100%")
    has(table, "1 refused")
    done = r.run("source", "test", source, "--page", page, check=False)
    eq(done.returncode, 64)
    has(done.stderr, "source saved needs board: its name")
    done = r.run("source", "test", source, "--page", page, "--param", "bord=x", check=False)
    has(done.stderr, "source saved has no parameter 'bord' (did you mean 'board'?)")
    r.write("page.json", "<html><body>not here</body></html>")
    done = r.run("source", "test", source, "--page", page, "--param", "board=A", check=False)
    eq(done.returncode, 69)
    has(done.stdout, "saved/A: blocked")
    source = r.write("s.yaml", SOURCE + "expect: { fill: { salary: 0.9 } }\n")
    r.write("page.json", json.dumps({"jobs": [{"id": n, "t": "T", "u": "/%d" % n} for n in range(9)]}))
    done = r.run("source", "test", source, "--page", page, "--param", "board=A", check=False)
    eq(done.returncode, 65)
    has(done.stdout, "saved/A: drifted: salary in 0% of 9 postings (at least 90% are expected)")
    eq(os.listdir(r.path("state")), before, "what is kept")


LIST = """<html><body><ul><li class=job><h3>Miller</h3><a href=/jobs/1>more</a></li>
<li class=job><h3>Baker</h3></li><li class=job><a href=/jobs/3>more</a></li></ul></body></html>"""
CARDS = """source: cards
url: https://x.example/jobs
format: html
jobs: li.job
pages: { number: 1, until: p.end, max: 5 }
fields:
  title: h3
  url: a@href
  salary: .pay
  team: [ .team, "@data-team" ]
"""


def test_what_matches_nothing(r):
    """Every run shows its fields; what is not there is named with its place,
    and a definition that finds nothing does not end well."""
    r.write("careerd.yaml", "")
    page = r.write("page.html", LIST)
    cards = CARDS.replace("jobs?", "jobs").replace("/jobs\n", "/jobs?page={page.number}\n", 1)
    source = r.write("cards.yaml", cards)
    done = r.run("source", "test", source, "--page", page, check=False)
    eq(done.returncode, 65)
    has(done.stdout, "title\t1\t100%\tMiller")
    has(done.stdout, "salary\t0\t0%\t(nothing)")
    has(done.stdout, "cards.yaml:9:11: salary: '.pay' finds nothing in 3 items")
    has(done.stdout, "cards.yaml:10:11: team: '.team', '@data-team' finds nothing in 3 items")
    has(done.stdout, "cards.yaml:7:10: title: 'h3' finds nothing in 1 of 3 items")
    has(done.stdout, "cards.yaml:8:8: url: 'a@href' finds nothing in 1 of 3 items")
    r.write("cards.yaml", cards.replace("title: h3", "title: h2"))
    done = r.run("source", "test", source, "--page", page, check=False)
    eq(done.returncode, 65)
    has(done.stdout, "title\t0\t0%\t(nothing)")
    has(done.stdout, "url\t2\t67%")
    has(done.stdout, "cards.yaml:7:10: title: 'h2' finds nothing in 3 items")
    r.write("cards.yaml", cards.replace("li.job", "li.jib"))
    done = r.run("source", "test", source, "--page", page, check=False)
    eq(done.returncode, 65)
    has(done.stdout, "title\t0\t0%\t(nothing)")
    has(done.stdout, "cards.yaml:4:7: jobs: 'li.jib' matches nothing")
    has(done.stdout, "cards: empty: the list holds no postings; 0 jobs of 0 items on 1 page")
    r.write("cards.yaml", "source: c\nurl: https://x.example/\nformat: jobposting\n")
    done = r.run("source", "test", source, "--page", page, check=False)
    eq(done.returncode, 65)
    has(done.stdout, "the page has no schema.org JobPosting data")


def test_saved_detail(r):
    """Beside a saved list, the detail of its first job may be saved, too."""
    r.write("careerd.yaml", "")
    source = r.write("s.yaml", SOURCE + "detail: { url: 'https://x.example/{job.id|base64}', fields: { description: $.text } }\n")
    page = r.write("page.json", PAGE)
    detail = r.write("detail.json", json.dumps({"text": "<p>All of it</p>"}))
    given = ("source", "test", source, "--param", "board=A", "--page", page)
    done = r.run(*given, "--detail", detail, "--json")
    jobs = [json.loads(line) for line in done.stdout.splitlines()]
    eq([j["description"] for j in jobs], ["All of it", None])
    has(done.stderr, "1 of 2 details were read, 0 failed.")
    r.write("detail.json", "no JSON")
    has(r.run(*given, "--detail", detail, check=False).stdout, "partial: 1 of 1 detail pages failed")
    done = r.run("source", "test", source, "--param", "board=A", "--detail", detail, check=False)
    eq(done.returncode, 64)
    done = r.run("source", "test", r.write("n.yaml", SOURCE), "--param", "board=A", "--page", page, "--detail", detail, check=False)
    has(done.stderr, "source saved has no detail")


def test_on_the_net(r):
    """Pages, details and robots.txt as in a real run; nothing is stored."""
    before, base = os.listdir(r.path("state")), "base=" + r.boards()
    r.write("careerd.yaml", "")
    done = r.run("source", "test", sample("list"), "--param", base, "--details", "2", "--save", r.path("saved"))
    has(done.stdout, "list-sample: ok; 28 jobs of 28 items on 3 pages")
    has(done.stdout, "2 of 28 details were read, 0 failed.")
    names = sorted(os.listdir(r.path("saved")))
    eq([n.split("-")[0] for n in names], ["detail", "detail", "list", "list", "list"])
    done = r.run("source", "test", sample("list"), "--param", base, "--page", r.path("saved", "list-003.html"))
    has(done.stdout, "list-sample: ok; ")
    done = r.run("source", "test", sample("list"), "--param", base, "--pages", "1", "--details", "0")
    has(done.stdout, "on 1 page\n")
    has(done.stdout, "The list goes on; --pages ended it.")
    eq(os.listdir(r.path("state")), before, "what is kept")


class Thread(http.server.BaseHTTPRequestHandler):
    """A board whose first page only says where the list is."""

    def do_GET(self):
        pages = {"/find": {"jobs": [], "newest": "7"}, "/of/7": json.loads(PAGE)}
        body = json.dumps(pages.get(self.path, {})).encode()
        self.send_response(200 if self.path in pages else 404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_first_page_apart(r):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Thread)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    base = "http://127.0.0.1:%d" % server.server_port
    text = SOURCE.replace("https://x.example/{board}/jobs", base + "/of/{page.cursor}")
    text += "pages: { first: %s/find, cursor: $.newest, max: 2 }\n" % base
    r.write("careerd.yaml", "")
    source = r.write("f.yaml", text + "allow_private: true\nlimits: { rate: unlimited }\n")
    done = r.run("source", "test", source, "--param", "board=A")
    has(done.stdout, "saved/A: ok; 2 jobs of 3 items on 2 pages")
    server.shutdown()


class Robots(http.server.BaseHTTPRequestHandler):
    """Forbids /closed to all, and says what it was asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        body = b"User-agent: *\nDisallow: /closed\n" if self.path == "/robots.txt" else PAGE.encode()
        self.send_response(200)
        self.send_header("Content-Type", "text/plain")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def test_robots(r):
    """What robots.txt forbids is not asked for."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Robots)
    server.asked = []
    threading.Thread(target=server.serve_forever, daemon=True).start()
    text = SOURCE.replace("https://x.example/{board}/jobs", "http://127.0.0.1:%d/{board}" % server.server_port)
    text += "allow_private: true\nlimits: { rate: unlimited }\n"
    r.write("careerd.yaml", "")
    source = r.write("r.yaml", text)
    has(r.run("source", "test", source, "--param", "board=open").stdout, "saved/open: ok; 2 jobs")
    done = r.run("source", "test", source, "--param", "board=closed", check=False)
    eq(done.returncode, 69)
    has(done.stdout, "saved/closed: blocked: robots.txt forbids the list")
    eq(server.asked, ["/robots.txt", "/open", "/robots.txt"])
    source = r.write("i.yaml", text + "robots: ignore\nreason: it is ours\n")
    has(r.run("source", "test", source, "--param", "board=closed").stdout, "saved/closed: ok")
    server.shutdown()


def test_faults(r):
    """Each fault of the net has its word and its exit code."""
    _, port = r.server(os.path.join(rig.TOP, "tests", "e2e", "hostile.py"))
    private = "allow_private: true\nlimits: { rate: unlimited, timeout: 3s }\n"
    text = SOURCE.replace("https://x.example/{board}/jobs", "http://127.0.0.1:%d/{board}" % port) + private
    fields = "fields: { external_id: $.id, title: $.title, url: $.url }\n"
    source = r.write("h.yaml", text[: text.index("fields:")] + fields + private)
    r.write("careerd.yaml", "")
    has(r.run("source", "test", source, "--param", "board=good").stdout, "saved/good: ok; 3 jobs of 3 items")
    for board, code, word in (("gone", 69, "gone"), ("throttled", 75, "throttled"), ("slow", 69, "failed"), ("captcha", 69, "blocked")):
        done = r.run("source", "test", source, "--param", "board=" + board, check=False)
        eq((board, done.returncode), (board, code), done.stdout + done.stderr)
        has(done.stdout, "saved/%s: %s" % (board, word))
    has(r.run("source", "test", source, "--param", "board=elsewhere", check=False).stdout, "saved/elsewhere: ok")
    closed = r.write("c.yaml", SOURCE.replace("https://x.example/{board}/jobs", "http://127.0.0.1:9/{board}") + private)
    done = r.run("source", "test", closed, "--param", "board=x", check=False)
    eq(done.returncode, 69)
    public = r.write("p.yaml", text.replace(private, ""))
    done = r.run("source", "test", public, "--param", "board=good", check=False)
    eq(done.returncode, 69, "a private address without allow_private")


rig.main()
