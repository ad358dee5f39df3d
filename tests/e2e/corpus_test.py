#!/usr/bin/python3 -B
"""The shipped definitions on recordings of real boards: ten of them replayed
over HTTP, with title, company, URL and place equal to what the recording
says; then every other definition that a recording is there for, read from the
file, with what each field was filled. Needs the shared corpus; skipped
without it."""
import collections
import html
import json
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree

import rig

HOME = os.path.join(rig.SHARED, "corpus")

# board -> the field names of its recordings: (company, url, place)
JSON_BOARDS = {
    "greenhouse": ("jobs", "title", "company_name", "absolute_url", "location.name"),
    "ashby": ("jobs", "title", None, "jobUrl", "location"),
    "lever": (None, "text", None, "hostedUrl", "categories.location"),
    "remoteok": (None, "position", "company", "url", "location"),
    "remotive": ("jobs", "title", "company_name", "url", "candidate_required_location"),
    "himalayas": ("jobs", "title", "companyName", "applicationLink", "locationRestrictions"),
    "themuse": ("jobs", "name", "company.name", "refs.landing_page", "locations"),
}


def recordings():
    """board -> list of (path, postings held)."""
    found = collections.defaultdict(list)
    with open(os.path.join(HOME, "EXPECTED.tsv"), encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) > 6 and cells[6].startswith("table 1.6"):
                found[cells[1]].append((cells[0], int(cells[4])))
    return found


def at(item, path):
    for part in path.split("."):
        item = item.get(part) if isinstance(item, dict) else None
    if isinstance(item, list):
        item = ", ".join(x if isinstance(x, str) else str(x.get("name", "")) for x in item)
    return item


INVISIBLE = re.compile(
    "[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\u061c\\u200b\\u200e\\u200f\\u2028-\\u202e"
    "\\u2060\\u2066-\\u2069\\ufeff\\U000e0000-\\U000e007f]"
)


def fold(text):
    if text is None:
        return None
    text = str(text)
    for _ in range(2):
        text = html.unescape(text)
    return re.sub(r"\s+", " ", text).strip() or None


def cleaned(text):
    """What acts on terminals and readers never gets into a posting."""
    return fold(INVISIBLE.sub("", text)) if text else text


def mended(text):
    """UTF-8 that was once read as Latin-1, as it was meant."""
    try:
        return text.encode("latin-1").decode("utf-8")
    except (UnicodeError, AttributeError):
        return text


def truth_json(board, path):
    with open(os.path.join(HOME, path), encoding="utf-8-sig") as file:
        document = json.load(file)
    items, title, company, url, place = JSON_BOARDS[board]
    if items:
        document = document[items]
    return [
        {
            "title": fold(at(item, title)),
            "company": fold(at(item, company)) if company else None,
            "url": fold(at(item, url)),
            "place": fold(at(item, place)),
        }
        for item in document
        if isinstance(item, dict) and at(item, title)
    ]


def truth_feed(path):
    root = xml.etree.ElementTree.parse(os.path.join(HOME, path)).getroot()
    found = []
    for item in root.iter("item"):
        company, _, title = fold(item.findtext("title")).partition(": ")
        found.append(
            {"title": title, "company": company, "url": fold(item.findtext("link")),
             "place": fold(item.findtext("region"))}  # fmt: skip
        )
    return found


def truth_html(board, path):
    try:
        import lxml.html
    except ImportError:
        return None
    selectors = {
        "jobscz": ("article.SearchResultCard", "h2.SearchResultCard__title",
                   "li.SearchResultCard__footerItem:nth-child(1)",
                   "h2.SearchResultCard__title a",
                   "li.SearchResultCard__footerItem:nth-child(2)"),
        "linkedin": ("li.result-card, div.base-search-card",
                     "h3.result-card__title, h3.base-search-card__title",
                     "h4.result-card__subtitle, h4.base-search-card__subtitle",
                     "a.result-card__full-card-link, a.base-card__full-link",
                     "span.job-result-card__location, span.job-search-card__location"),
    }  # fmt: skip
    items, *fields = selectors[board]
    with open(os.path.join(HOME, path), "rb") as file:
        tree = lxml.html.fromstring(file.read(), parser=lxml.html.HTMLParser(encoding="utf-8"))

    def text(item, selector):
        chosen = item.cssselect(selector)
        return fold(chosen[0].text_content()) if chosen else None

    return [
        {
            "title": text(item, fields[0]),
            "company": text(item, fields[1]),
            "url": next((a.get("href") for a in item.cssselect(fields[2])), None),
            "place": text(item, fields[3]),
        }
        for item in tree.cssselect(items)
    ]


def truth(board, path):
    if board in JSON_BOARDS:
        return truth_json(board, path)
    return truth_feed(path) if board == "weworkremotely" else truth_html(board, path)


def config(boards, base):
    """The shipped definitions, pointed at the replaying server."""
    lines = []
    quick = (
        "allow_private: true, enabled: true, every: 24h, detail: null,"
        " limits: { rate: unlimited, concurrency: 8, timeout: 60s }"
    )
    for board, files in boards.items():
        numbers = ["f%04d" % n for n in range(len(files))]
        if board == "linkedin":
            pages = ", ".join('"%s/linkedin/%s"' % (base, n) for n in numbers)
            lines.append("  %s: { page: [%s], allow_private: true,"
                         " limits: { rate: unlimited } }"
                         % (os.path.join(rig.TOP, "tests", "corpus", "linkedin-guest.yaml"), pages))  # fmt: skip
            continue
        lines.append(source_line(board, numbers, base, quick))
    return "\n" + "\n".join(lines)


def source_line(board, numbers, base, quick):
    param = {"greenhouse": "board", "ashby": "board", "lever": "site"}.get(board)
    renamed = ", jobs: '$.jobs[*]'" if board == "themuse" else ""
    if param:
        url = '"%s/%s/{%s}"' % (base, board, param)
        head = "%s: [%s], " % (param, ", ".join(numbers))
    else:
        url = '"%s/%s/f0000"' % (base, board)
        head = ""
    return "  %s: { %surl: %s, pages: null, %s%s }" % (board, head, url, quick, renamed)


def copies(r, boards):
    """Boards without a parameter replay each file under a name of its own."""
    lines = []
    for board in ("remoteok", "remotive", "himalayas"):
        for n in range(1, len(boards.get(board, []))):
            shipped = os.path.join(rig.TOP, "scrapers", board + ".yaml")
            with open(shipped, encoding="utf-8") as file:
                text = file.read()
            name = "%s-%d" % (board, n)
            r.write(name + ".yaml", re.sub(r"(?m)^source:.*$", "source: " + name, text))
            lines.append(
                "  ./%s.yaml: { url: \"%s/%s/f%04d\", pages: null, allow_private: true,"
                " limits: { rate: unlimited } }" % (name, r.base, board, n)
            )
    return "\n" + "\n".join(lines)


def board_of(key):
    name = key.split("/")[0]
    name = re.sub(r"-\d+$", "", name)
    return "linkedin" if name == "linkedin-guest" else name


def number_of(key):
    m = re.search(r"f(\d{4})$", key)
    if m:
        return int(m.group(1))
    m = re.search(r"-(\d+)$", key)
    return int(m.group(1)) if m else 0


def stored(r):
    """(board, file number) -> list of postings."""
    out = r.sql(
        "select json_build_object('key', s.key, 'title', j.title, 'company', j.company,"
        " 'url', p.url, 'place', j.location)"
        " from postings p join jobs j on j.id = p.job_id join sources s on s.id = p.source_id"
    )
    found = collections.defaultdict(list)
    for line in out.splitlines():
        row = json.loads(line)
        found[board_of(row["key"]), number_of(row["key"])].append(row)
    return found


def same_url(got, want):
    def parts(url):
        u = urllib.parse.urlsplit(url or "")
        return u.netloc.lower(), urllib.parse.unquote(u.path), urllib.parse.unquote(u.query)

    return parts(got) == parts(want) or (got or "").endswith(want or "\0")


def same(field, got, want):
    if field == "url":
        return same_url(got, want)
    return fold(got) in (want, mended(want), cleaned(want)) or (
        field == "place" and sorted(re.split(r"[,;] ", fold(got) or "")) == sorted(re.split(r", ", want))
    )


def compare(board, wanted, got, table):
    """Count what is held, found and equal, field by field."""
    row = table[board]
    row["held"] += len(wanted)
    row["found"] += min(len(got), len(wanted))
    by_url = {}
    for posting in got:
        by_url.setdefault(urllib.parse.urlsplit(posting["url"] or "").path, []).append(posting)
    for want in wanted:
        same_path = by_url.get(urllib.parse.urlsplit(want["url"] or "").path, [])
        posting = next((p for p in same_path if same("url", p["url"], want["url"])), None)
        posting = posting or (same_path[0] if same_path else None)
        for field in ("title", "company", "url", "place"):
            if want[field] is None:
                continue
            row[field, "all"] += 1
            if posting and same(field, posting[field], want[field]):
                row[field, "same"] += 1
            elif len(row["wrong"]) < 5:
                row["wrong"].append((field, want[field], posting and posting[field]))


def print_table(table):
    print("table: %-15s %6s %6s %s" % ("board", "held", "found",
          "".join("%16s" % f for f in ("title", "company", "url", "place"))))  # fmt: skip
    for board, row in sorted(table.items()):
        cells = "".join(
            "%16s" % ("%d/%d" % (row[f, "same"], row[f, "all"]))
            for f in ("title", "company", "url", "place")
        )
        print("table: %-15s %6d %6d %s" % (board, row["held"], row["found"], cells))


def test_recordings(r):
    if not os.path.exists(os.path.join(HOME, "EXPECTED.tsv")):
        raise rig.Skip("the corpus is not here")
    boards = recordings()
    names = r.write("names.json", json.dumps({b: [os.path.join(HOME, p) for p, _ in files] for b, files in boards.items()}))  # fmt: skip
    _, port = r.server(os.path.join(rig.TOP, "tests", "corpus", "replay.py"), names)
    r.base = "http://127.0.0.1:%d" % port
    r.configure(config(boards, r.base) + copies(r, boards), user="", more="dedupe: off\n")
    done = r.run("once", "--task", "scrape", timeout=300, check=False)
    found = stored(r)
    table = collections.defaultdict(lambda: collections.defaultdict(int, wrong=[]))
    for board, files in boards.items():
        for number, (path, held) in enumerate(files):
            wanted = truth(board, path)
            if wanted is None:
                wanted = [dict.fromkeys(("title", "company", "url", "place"))] * held
            rig.eq(len(wanted), held, path)
            compare(board, wanted, found[board, number], table)
    print_table(table)
    verdict(table, done)


def verdict(table, done):
    faults = []
    held = sum(row["held"] for row in table.values())
    gained = sum(row["found"] for row in table.values())
    print("table: all %d held, %d found (%.2f %%)" % (held, gained, 100 * gained / held))
    if gained < 0.99 * held:
        faults.append("found less than 99 %")
    for board, row in table.items():
        if row["held"] - row["found"] > 1:
            faults.append("%s: %d postings short" % (board, row["held"] - row["found"]))
        for field in ("title", "company", "url", "place"):
            if row[field, "same"] < row[field, "all"] - (row["held"] - row["found"]):
                faults.append("%s: %s differs, e.g. %s" % (board, field, row["wrong"]))
    if faults:
        raise AssertionError("\n".join(faults) + "\n" + done.stdout[-3000:] + done.stderr[-2000:])


# ---- recordings of the other boards, read as saved pages ----

NOW = "2026-08-20T12:00:00Z"
BOARD = {"board": "acme"}
AS_JSON = [(r"(?m)^format: script\n^script: .*$", "format: json"), (r"(?ms)^detail:.*?(?=^limits:)", "")]
# definition -> where in the corpus, parameters, what is asked of a collector's
# wrapping in place of the wire's (pairs of pattern and replacement)
OTHERS = {
    "adzuna": ("json-api/adzuna/", {"words": "x"}, []),
    "arbeitnow": ("json-api/arbeitnow/", {}, []),
    "bamboohr": ("json-api/bamboohr/", BOARD, []),
    "breezy": ("json-api/breezy/", BOARD, []),
    "eightfold": ("json-api/eightfold/", {"host": "x.example", "domain": "x.example"}, []),
    "hackernews": ("json-api/hn/nacefmoula", {}, []),
    "hackernews (kept)": ("json-api/hn/gantryops", {},
                          [(r"\$\.hits\[\?@\.parent_id == @\.story_id\]", "$.jobs[*]"), ("comment_text", "text"),
                           ("objectID", "id"), (r"\$\.created_at", "$.time")]),
    "jobicy": ("json-api/jobicy/", {}, []),
    "jobposting": ("html/jsonld/", {"page": "https://x.example/"}, []),
    "jobtech": ("json-api/jobtech-se/JobtechSwe__sokannonser-api/tests/integration", {},
                [(r"\$\.hits\[\*\]", "$.hits.hits[*]._source")]),
    "oracle": ("json-api/oracle_orc/", {"host": "x.example"}, []),
    "personio": ("xml-feed/personio/", BOARD, []),
    "phenom": ("html/ats-html/omoji-personal__careerkit/tests/fixtures/phenom", {"host": "x.example"}, []),
    "phenom (JSON)": ("json-api/phenom/", {"host": "x.example"}, AS_JSON),
    "pinpoint": ("json-api/pinpoint/", BOARD, []),
    "recruitee": ("json-api/recruitee/", BOARD, []),
    "rippling": ("json-api/rippling/", BOARD, []),
    "smartrecruiters": ("json-api/smartrecruiters/", BOARD, []),
    "teamtailor": ("json-api/teamtailor/", BOARD, []),
    "teamtailor (RSS)": ("xml-feed/teamtailor-rss/", BOARD, []),
    "usajobs": ("json-api/usajobs/", {"words": "x"}, []),
    "weworkremotely": ("xml-feed/weworkremotely/nacefmoula", {}, []),
    "workable": ("json-api/workable/", BOARD, []),
    "workday": ("json-api/workday/", {"tenant": "x", "site": "y"}, []),
    "feed": ("xml-feed/neogov-rss/", {"feed": "https://x.example/"}, []),
    "feed (large)": ("xml-feed/open-jobs-data-rss/", {"feed": "https://x.example/"}, []),
}  # fmt: skip
FILLS = ("company", "url", "places", "remote", "description", "salary", "job_type", "posted_date")
# What a file holds beside its list, and files that hold none.
NOT_LISTS = re.compile(r"detail|hn_search|api-response-invalid")


def expected_rows():
    with open(os.path.join(HOME, "EXPECTED.tsv"), encoding="utf-8") as file:
        for line in file:
            cells = line.rstrip("\n").split("\t")
            if len(cells) > 6 and cells[4].isdigit() and not NOT_LISTS.search(cells[0]):
                yield cells[0], int(cells[4]), cells[6]


def titles_held(path, note):
    """The titles of a JSON recording, as its note says where they are."""
    where = re.search(r"fields title=([\w.]+)", note)
    if not where or not path.endswith(".json"):
        return None
    with open(os.path.join(HOME, path), encoding="utf-8-sig") as file:
        document = json.load(file)
    found, waiting = [], [document]
    while waiting:
        item = waiting.pop()
        if isinstance(item, dict) and isinstance(at(item, where.group(1)), str):
            found.append(fold(at(item, where.group(1))))
        if isinstance(item, (dict, list)):
            waiting += item.values() if isinstance(item, dict) else item
    return found


def other_questions():
    """(name, held, titles, question) for each recording of the others."""
    rows = list(expected_rows())
    for name, (folder, params, changes) in OTHERS.items():
        shipped = os.path.join(rig.TOP, "scrapers", name.split(" ")[0] + ".yaml")
        if not os.path.exists(shipped):
            continue
        with open(shipped, encoding="utf-8") as file:
            source = file.read()
        for pattern, replacement in changes:
            source = re.sub(pattern, replacement, source)
        for path, held, note in rows:
            if not path.startswith(folder):
                continue
            with open(os.path.join(HOME, path), encoding="utf-8") as file:
                page = file.read()
            yield name, held, titles_held(path, note), json.dumps(
                {"source": source, "page": page, "params": params, "now": NOW}
            )


def test_other_recordings(r):
    if not os.path.exists(os.path.join(HOME, "EXPECTED.tsv")):
        raise rig.Skip("the corpus is not here")
    r.write("careerd.yaml", "")
    asked = list(other_questions())
    answers = r.run("try", "posting", stdin="".join(q + "\n" for *_, q in asked)).stdout.splitlines()
    rig.eq(len(answers), len(asked), "answers")
    table = collections.defaultdict(lambda: collections.Counter())
    faults = []
    for (name, held, titles, _), line in zip(asked, answers):
        postings = json.loads(line).get("result", [])
        table[name].update(held=held, found=len(postings))
        for field in FILLS:
            table[name][field] += sum(1 for p in postings if p[field] not in (None, []))
        if len(postings) != held:
            faults.append("%s: %d of %d found: %s" % (name, len(postings), held, line[:300]))
        elif titles is not None and not {fold(p["title"]) for p in postings} <= set(titles):
            faults.append("%s: titles differ: %s" % (name, titles[:3]))
    print("table: %-17s %5s %5s %s" % ("board", "held", "found", "".join("%12s" % f for f in FILLS)))
    for name, row in sorted(table.items()):
        print("table: %-17s %5d %5d %s" % (name, row["held"], row["found"], "".join("%12d" % row[f] for f in FILLS)))
    assert not faults, "\n".join(faults)


rig.main()
