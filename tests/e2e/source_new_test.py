#!/usr/bin/python3 -B
"""careerd source new: boards by their address, pages that lead to one, feeds,
JobPosting data, lists of jobs; what it writes is checked and run again."""
import http.server
import json
import os
import shutil
import threading

import rig
from rig import eq, has

NEEDS_DATABASE = False

NAV = "<nav><a href=/>Home</a><a href=/jobs>Jobs</a><a href=/blog>Blog</a></nav>"
CARD = """<li class=job><h3><a href=/jobs/%d>%s</a></h3><span class=job-place>%s</span>
<time datetime=2026-11-0%d>November</time></li>"""
TITLES = ["Senior C Developer", "Office Manager", "Data Engineer", "Werkstudent Marketing (m/w/d)"]
PLACES = ["Berlin, Germany", "Hamburg, Germany", "Remote", "Munich, Germany"]
LIST = "<html><head><meta property=og:site_name content='Lumen GmbH'></head><body>%s<main><ul>%s</ul></main></body>" % (
    NAV,
    "".join(CARD % (n + 1, TITLES[n], PLACES[n], n + 1) for n in range(4)),
)  # fmt: skip
POSTING = json.dumps({"@context": "https://schema.org", "@type": "JobPosting", "title": "%s",
                      "hiringOrganization": {"name": "Lumen"}, "datePosted": "2026-11-01",
                      "description": "<p>What you do, and what you know.</p>", "url": "/jobs/%d"})  # fmt: skip
LINKED = '<html><body><p>Our jobs</p>%s</body></html>' % "".join(
    '<script type="application/ld+json">%s</script>' % (POSTING % (t, n)) for n, t in enumerate(TITLES)
)  # fmt: skip
FEED = """<?xml version="1.0"?><rss version="2.0"><channel><title>Jobs</title>%s</channel></rss>""" % "".join(
    "<item><title>%s</title><link>https://x.example/%d</link></item>" % (t, n) for n, t in enumerate(TITLES)
)  # fmt: skip
NAMES_FEED = """<html><head><link rel=alternate type=application/rss+xml title="%s" href=%s></head>
<body><p>%s</p></body></html>"""
BOARD = """source: acme
about: Boards hosted on Acme
params: { board: { required: true, help: its name }, host: {} }
addresses:
  - acme-boards.example/{board}
  - "127.0.0.1:%d/board/{board}"
  - { holds: "*.acme-cdn.example", board: "{page.first}" }
url: http://127.0.0.1:%d/api/{board}
allow_private: true
format: json
jobs: $.jobs[*]
fields: { title: $.t, url: $.u }
expect: { min_jobs: 1 }
"""
PROSE = "We are a company that makes things which people like to have. " * 10


class Site(http.server.BaseHTTPRequestHandler):
    pages = {}
    asked = []

    def do_GET(self):
        self.asked.append(self.path)
        status, kind, body = self.pages.get(self.path, (404, "text/plain", "not here"))
        self.send_response(status)
        if status in (301, 302):
            self.send_header("Location", body)
            body = ""
        body = body if isinstance(body, bytes) else body.encode()
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def site(pages):
    """A server of pages; what was not said of them is HTML, status 200."""
    full = {path: page if isinstance(page, tuple) else (200, "text/html", page) for path, page in pages.items()}
    handler = type("Here", (Site,), {"pages": full, "asked": []})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, "http://127.0.0.1:%d" % server.server_port, handler.asked


def new(r, *arguments, **how):
    return r.run("source", "new", *arguments, **how)


def answer(r, *arguments):
    return json.loads(new(r, *arguments, "--json").stdout)


def saved(r, text, *arguments):
    """The answer for a page that was saved."""
    return answer(r, "https://lumen.example/careers", "--page", r.write("page.html", text), *arguments)


def refused(r, code, text, *arguments):
    done = new(r, *arguments, check=False)
    eq(done.returncode, code, done.stderr)
    has(done.stderr, text)
    return done


def run_again(r, definition, *arguments):
    """What was written holds as a file of its own, too."""
    path = r.write("again.yaml", definition)
    has(r.run("source", "check", path).stdout, "1 source: right")
    out = r.run("source", "test", path, "--json", *arguments).stdout
    return [json.loads(line) for line in out.splitlines()]


def test_a_board_by_its_address(r):
    r.write("careerd.yaml", "")
    done = new(r, "https://boards.greenhouse.io/northgate/jobs/1", "--untried")
    eq(done.stdout, "sources:\n  greenhouse: { board: northgate }\n")
    got = answer(r, "jobs.eu.lever.co/tarnbank", "--untried")
    eq((got["way"], got["source"], got["jobs"]), ("board", "lever", None))
    eq(got["params"], {"site": "tarnbank", "host": "api.eu.lever.co"})
    r.write("careerd.yaml", "user: { email: a@b.example }\n" + got["definition"])
    r.run("config", "check")


def test_a_board_that_is_asked(r):
    """One that answers, one that has no jobs now, one that is not there."""
    server, base, _ = site({
        "/api/lumen": (200, "application/json", '{"jobs": [{"t": "Welder", "u": "/1"}, {"t": "Driver", "u": "/2"}]}'),
        "/api/empty": (200, "application/json", '{"jobs": []}'),
        "/careers": (302, "text/html", "/board/lumen"),
        "/board/lumen": LIST,
        "/lumen/team": "<link rel=stylesheet href=https://a.acme-cdn.example/s.css><p>%s</p>" % PROSE,
        "/other/team": "<link rel=stylesheet href=https://a.acme-cdn.example/s.css>" + LIST,
    })  # fmt: skip
    root = r.path("root")
    shutil.copytree(os.path.join(rig.TOP, "scrapers"), os.path.join(root, "scrapers"))
    os.mkdir(os.path.join(root, "sql"))
    with open(os.path.join(root, "scrapers", "acme.yaml"), "w", encoding="utf-8") as file:
        file.write(BOARD % (server.server_port, server.server_port))
    r.env["CAREERD_ROOT"] = root
    r.write("careerd.yaml", "")
    done = new(r, "acme-boards.example/lumen")
    eq(done.stdout, "sources:\n  acme: { board: lumen }\n")
    has(done.stderr, 'Tried: ok; 2 jobs, the first "Welder"')
    done = new(r, "acme-boards.example/empty")
    has(done.stderr, "0 jobs")
    done = refused(r, 69, "HTTP status 404", "acme-boards.example/nobody")
    has(done.stdout, "board: nobody")
    # A page that has moved to a board, and pages that lead to one.
    got = answer(r, base + "/careers", "--private")
    eq((got["way"], got["params"]), ("board", {"board": "lumen"}))
    got = answer(r, base + "/lumen/team", "--private")
    eq((got["way"], got["params"], got["jobs"]), ("embedded", {"board": "lumen"}, 2))
    got = answer(r, base + "/other/team", "--private")
    eq(got["way"], "cards")
    has("\n".join(got["refused"]), "loads https://a.acme-cdn.example/ as sites of acme do, but: HTTP status 404")
    for page in (
        "<iframe src=https://acme-boards.example/lumen/embed></iframe>",
        "<script src=https://acme-boards.example/lumen/js></script>" + LIST,
        '<script>load("https:\\/\\/acme-boards.example\\/lumen?a=b")</script>',
        "<div data-src=//acme-boards.example/lumen></div>",
        "<a href=https://acme-boards.example/lumen/1>A</a><a href=https://acme-boards.example/lumen/2>B</a>",
        "<p>%s</p><a href=https://acme-boards.example/lumen>our jobs</a>" % PROSE,
    ):
        got = saved(r, page)
        eq((got["way"], got["source"], got["params"]), ("embedded", "acme", {"board": "lumen"}), page)
    got = saved(r, "<a href=https://remotive.com/>friends</a>" + LIST)
    eq(got["way"], "cards")
    server.shutdown()


def test_a_list_of_jobs(r):
    """Cards are guessed, one job's page is looked at, and what is written
    finds the same when it is run from its file."""
    details = {"/jobs/%d" % (n + 1): "<script type=application/ld+json>%s</script>" % (POSTING % (TITLES[n], n + 1)) for n in range(4)}  # fmt: skip
    more = LIST.replace("</main>", "<a rel=next href=/careers?page=2>more</a></main>")
    last = LIST.replace("Senior C Developer", "Nurse").replace("/jobs/1", "/jobs/9")
    server, base, asked = site({"/careers": more, "/careers?page=2": last, **details})
    r.write("careerd.yaml", "")
    done = new(r, base + "/careers", "--private", "-o", r.path("lumen.yaml"))
    eq(done.stdout, "")
    has(done.stderr, 'Tried: ok; 4 jobs on the first page, the first "Senior C Developer"')
    has(done.stderr, "Not found in the cards: company, salary, description.")
    with open(r.path("lumen.yaml"), encoding="utf-8") as file:
        definition = file.read()
    for line in (
        "about: Jobs of Lumen GmbH", "allow_private: true", "jobs: li.job", "  location: .job-place",
        "pages: { next: \"a[rel~=next]@href\", max: 50 }", "  company: { const: Lumen GmbH }",
        "  posted_date: { path: time@datetime, as: date }", "  format: jobposting",
    ):  # fmt: skip
        has(definition, line)
    eq(asked, ["/robots.txt", "/careers", "/jobs/1"], "what was asked for")
    done = refused(r, 73, "is there already", base + "/careers", "--private", "-o", r.path("lumen.yaml"))
    eq(len(asked), 3, "asked before the file was looked at")
    jobs = run_again(r, definition, "--details", "1")
    eq([j["title"] for j in jobs][:5], TITLES + ["Nurse"])
    eq(jobs[0]["description"], "What you do, and what you know.")
    eq((jobs[0]["places"][0]["city"], jobs[0]["company"]), ("Berlin", "Lumen"))
    server.shutdown()


def test_saved_lists(r):
    """Without a network; the definition is run on the page it was made of."""
    r.write("careerd.yaml", "")
    got = saved(r, LIST)
    eq((got["way"], got["jobs"], got["outcome"]), ("cards", 4, "ok"))
    if got["sure"] < 80:
        raise AssertionError(got)
    has(got["definition"], "# The jobs' own pages were not looked at.")
    jobs = run_again(r, got["definition"], "--page", r.path("page.html"))
    eq([j["url"] for j in jobs], ["https://lumen.example/jobs/%d" % n for n in (1, 2, 3, 4)])
    # A page that does not say its encoding, in one that is not UTF-8.
    latin = LIST.replace("Office Manager", "Büroleiter").encode("latin-1")
    with open(r.path("latin.html"), "wb") as file:
        file.write(latin)
    got = answer(r, "https://lumen.example/careers", "--page", r.path("latin.html"))
    jobs = run_again(r, got["definition"], "--page", r.path("latin.html"))
    eq(jobs[1]["title"], "Büroleiter")
    # Jobs that stand on the page with all they have.
    got = saved(r, "".join("<div><h3>%s</h3><p>%s</p></div>" % pair for pair in zip(TITLES, PLACES)))
    jobs = run_again(r, got["definition"], "--page", r.path("page.html"))
    eq([(j["external_id"], j["url"]) for j in jobs][1], ("Office Manager", "https://lumen.example/careers"))
    # Hostile words become neither YAML nor control characters.
    evil = LIST.replace("Lumen GmbH", "a: {b}\n- &x \x1b[31m # \"q\"").replace("Office", "O\n# x: y\nsource: evil")
    got = saved(r, evil)
    jobs = run_again(r, got["definition"], "--page", r.path("page.html"))
    eq(len(jobs), 4)


def test_data_and_feeds(r):
    server, base, _ = site({
        "/linked": LINKED,
        "/named": NAMES_FEED % ("Jobs", "/jobs.xml", PROSE),
        "/news": NAMES_FEED % ("News", "/news.xml", PROSE),
        "/jobs.xml": (200, "application/rss+xml", FEED),
        "/gone": NAMES_FEED % ("Jobs", "/none.xml", PROSE),
    })  # fmt: skip
    r.write("careerd.yaml", "")
    got = answer(r, base + "/linked", "--private")
    eq((got["way"], got["jobs"], got["sure"]), ("jobposting", 4, None))
    eq(len(run_again(r, got["definition"])), 4)
    got = answer(r, base + "/named", "--private")
    eq((got["way"], got["jobs"]), ("feed", 4))
    has(got["definition"], "url: %s/jobs.xml\n" % base)
    eq([j["title"] for j in run_again(r, got["definition"])], TITLES)
    got = answer(r, base + "/jobs.xml", "--private")
    eq((got["way"], got["jobs"]), ("feed", 4))
    refused(r, 65, "/news.xml; nothing says that it is of jobs", base + "/news", "--private")
    refused(r, 65, "/none.xml does not come: HTTP status 404", base + "/gone", "--private")
    got = saved(r, LINKED.split("</script>")[0] + "</script>")
    has("\n".join(got["notes"]), "one job only")
    server.shutdown()


def lists():
    """(path, jobs) of the corpus' pages with two jobs or more in markup."""
    home = os.path.join(rig.SHARED, "corpus")
    if not os.path.exists(os.path.join(home, "EXPECTED.tsv")):
        raise rig.Skip("the corpus is not here")
    with open(os.path.join(home, "EXPECTED.tsv"), encoding="utf-8") as file:
        rows = [line.rstrip("\n").split("\t") for line in file if line.startswith("html/")]
    return [(os.path.join(home, row[0]), int(row[4])) for row in rows if int(row[4]) > 1 and "CSS" in row[5]]


def test_lists_of_the_corpus(r):
    """How many of the lists that sites really have are found, and how whole."""
    r.write("careerd.yaml", "")
    whole, rows = 0, lists()
    for path, jobs in rows:
        done = new(r, "https://list.example/jobs", "--page", path, "--json", check=False)
        got = json.loads(done.stdout) if done.returncode == 0 else {"jobs": 0, "sure": None, "way": "-"}
        whole += got["jobs"] == jobs
        print("cards: %-28s %3d of %3d jobs, %s%% sure, %s" % (
            os.path.basename(path), got["jobs"], jobs, got["sure"], got["way"]))  # fmt: skip
    print("cards: %d of %d lists found whole" % (whole, len(rows)))
    if whole < 0.9 * len(rows):
        raise AssertionError("fewer than nine in ten")


def test_what_is_no_page(r):
    server, base, asked = site({
        "/robots.txt": (200, "text/plain", "User-agent: *\nDisallow: /closed\n"),
        "/pdf": (200, "application/pdf", "%PDF-1.7 x"),
        "/empty": " \n",
        "/json": (200, "application/json", "[1]"),
        "/about": "<html><body>%s<p>%s</p></body></html>" % (NAV, PROSE),
        "/app": "<html><body><div id=root></div><script src=/app.js></script></body></html>",
        "/many": "<html><body>%s</body></html>" % "".join("<a href=/%d>%d</a> " % (n, n) for n in range(100000)),
        "/busy": (503, "text/html", "later"),
        "/round": (302, "text/html", "/round"),
    })  # fmt: skip
    r.write("careerd.yaml", "")
    refused(r, 64, "source new needs URL")
    refused(r, 64, "not http: or https:", "ftp://x.example/")
    refused(r, 69, "--private allows private addresses", base + "/about")
    refused(r, 66, "HTTP status 404: there is no such page", base + "/nothing", "--private")
    refused(r, 65, "a PDF, not a page", base + "/pdf", "--private")
    refused(r, 65, "the page is empty", base + "/empty", "--private")
    refused(r, 65, "JSON; say with format: json", base + "/json", "--private")
    refused(r, 65, "no list of jobs was found", base + "/about", "--private")
    refused(r, 65, "a script fills it", base + "/app", "--private")
    refused(r, 65, "The page has 100000 links", base + "/many", "--private")
    refused(r, 75, "HTTP status 503", base + "/busy", "--private")
    refused(r, 69, "HTTP status 302", base + "/round", "--private")
    refused(r, 69, "robots.txt forbids it", base + "/closed/jobs", "--private")
    eq([path for path in asked if path.startswith("/closed")], [])
    refused(r, 66, "No such file", "https://x.example/", "--page", r.path("none.html"))
    server.shutdown()


rig.main()
