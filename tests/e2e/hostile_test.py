#!/usr/bin/python3 -B
"""Pages that are broken: each source gets its own named outcome, the others
go on, and nothing that was stored is lost."""
import os
import re
import urllib.request

import rig
from rig import eq, has

SOURCE = """
source: %s
url: http://127.0.0.1:%d/%s
format: json
jobs: $.jobs[*]
fields:
  external_id: $.id
  title: $.title
  url: $.url
  description: $.text
limits: { rate: unlimited, timeout: %s, concurrency: 8 }
allow_private: true
"""

# page -> outcomes that are right for it
EXPECTED = {
    "good": {"ok"},
    "missing": {"failed", "gone"},
    "gone": {"gone"},
    "slow": {"failed"},
    "html": {"failed", "drifted", "blocked"},
    "captcha": {"blocked"},
    "forbidden": {"blocked"},
    "throttled": {"throttled"},
    "broken-server": {"failed"},
    "empty": {"failed", "suspicious"},
    "empty-list": {"empty"},
    "big": {"failed"},
    "bomb": {"failed"},
    "bad-utf8": {"ok", "failed"},
    "nul": {"ok", "failed"},
    "nul-escaped": {"ok", "partial"},
    "cut": {"failed"},
    "cut-json": {"failed", "drifted"},
    "deep": {"failed", "drifted"},
    "many": {"failed", "drifted", "truncated"},
    "loop": {"failed"},
    "elsewhere": {"ok"},
    "headers": {"failed"},
}


def serve_hostile(r):
    _, port = r.server(os.path.join(rig.TOP, "tests", "e2e", "hostile.py"))
    return port


def source_file(r, name, port, page, timeout="3s"):
    r.write(name + ".yaml", SOURCE % (name, port, page, timeout))
    return "\n  ./%s.yaml: {}" % name


def outcome_of(text, name):
    found = re.search(r"^%s\s+(?!waits)([a-z]+) " % re.escape(name), text, re.M)
    return found.group(1) if found else None


def test_every_fault_has_its_outcome(r):
    port = serve_hostile(r)
    r.configure("".join(source_file(r, "s-" + p, port, p) for p in EXPECTED), user="")
    done = r.run("once", "--task", "scrape", timeout=110, check=False)
    wrong = [
        "%s: %s, not %s" % (page, outcome_of(done.stdout, "s-" + page), sorted(right))
        for page, right in EXPECTED.items()
        if outcome_of(done.stdout, "s-" + page) not in right
    ]
    if wrong:
        raise AssertionError("\n".join(wrong) + "\n" + done.stdout + done.stderr)
    stored = int(r.sql("select count(*) from postings where source_id ="
                       " (select id from sources where name = 's-good')"))  # fmt: skip
    eq(stored, 3, "postings of the good source")


def test_nothing_stored_is_lost(r):
    port = serve_hostile(r)
    r.configure(source_file(r, "board", port, "switch"), user="")
    r.run("once", "--task", "scrape")
    for page in ("html", "captcha", "empty", "empty-list", "cut", "missing", "bomb", "nul"):
        with urllib.request.urlopen("http://127.0.0.1:%d/set/%s" % (port, page)) as answer:
            answer.read()
        r.run("once", "--task", "scrape", check=False)
        left = r.sql("select count(*) from jobs where closed_at is null")
        eq(int(left), 3, "open jobs after '%s'" % page)


rig.main()
