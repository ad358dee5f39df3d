#!/usr/bin/python3 -B
"""Boards known by their address: the forms that vendors' addresses take, and
the share of the corpus' addresses that are known."""
import collections
import csv
import glob
import gzip
import json
import os
import re
import urllib.parse

import rig
from rig import eq

NEEDS_DATABASE = False

SCRAPERS = os.path.join(rig.TOP, "scrapers")
CORPUS = os.path.join(rig.SHARED, "corpus")

# address: definition and parameters, as its vendor's rules have it; None is
# an address of the vendor's that belongs to no board
FORMS = """
https://boards.greenhouse.io/northgate | greenhouse board=northgate
https://boards.greenhouse.io/northgate/jobs/4012345?gh_src=abc | greenhouse board=northgate
HTTP://Boards.Greenhouse.IO/northgate/ | greenhouse board=northgate
boards.greenhouse.io/northgate | greenhouse board=northgate
https://job-boards.greenhouse.io/northgate/jobs/4012345 | greenhouse board=northgate
https://job-boards.eu.greenhouse.io/northgate | greenhouse board=northgate
https://boards.eu.greenhouse.io/embed/job_board?for=northgate | greenhouse board=northgate
https://boards.greenhouse.io/embed/job_board/js?for=northgate&b=https%3A%2F%2Fx | greenhouse board=northgate
https://boards.greenhouse.io/embed?for=northgate | greenhouse board=northgate
https://job-boards.greenhouse.io/embed/job_app?for=northgate&token=4012345 | greenhouse board=northgate
https://boards-api.greenhouse.io/v1/boards/northgate/jobs?content=true | greenhouse board=northgate
https://boards.greenhouse.io/embed/job_app?token=4012345 | -
https://boards.greenhouse.io/ | -
https://www.greenhouse.io/careers | -
https://jobs.lever.co/tarnbank | lever site=tarnbank
https://jobs.lever.co/TarnBank/7c0ff3e9-2d0f-4c57-8a61-0a3c1ddc2d11/apply?lever-source=x | lever site=TarnBank
https://jobs.eu.lever.co/tarnbank/ | lever site=tarnbank host=api.eu.lever.co
https://api.lever.co/v0/postings/tarnbank?mode=json | lever site=tarnbank
https://api.eu.lever.co/v0/postings/tarnbank | lever site=tarnbank host=api.eu.lever.co
https://www.lever.co/ | -
https://hire.lever.co/jobs | -
https://jobs.ashbyhq.com/hollowell | ashby board=hollowell
https://jobs.ashbyhq.com/Hollow%20Well/0b3c4b7e-4d56-4c07-a1e5-31c0a8a0e6b5/application | ashby board=Hollow Well
https://jobs.ashbyhq.com/hollowell/embed?version=2 | ashby board=hollowell
https://api.ashbyhq.com/posting-api/job-board/hollowell?includeCompensation=true | ashby board=hollowell
https://jobs.ashbyhq.com/api/non-user-graphql?op=ApiJobBoardWithTeams | -
https://app.ashbyhq.com/jobs | -
https://weworkremotely.com/categories/remote-design-jobs | weworkremotely feed=categories/remote-design-jobs
https://weworkremotely.com/categories/remote-design-jobs.rss | weworkremotely feed=categories/remote-design-jobs
https://weworkremotely.com/ | weworkremotely
https://www.jobs.cz/prace/?q%5B%5D=python&date=7d | jobscz words=python
https://remoteok.com/remote-dev-jobs | remoteok
https://remotive.com/remote-jobs | remotive
https://himalayas.app/jobs | himalayas
https://www.themuse.com/search | themuse
https://boards.greenhouse.io.example.com/northgate | -
https://example.com/?u=https://jobs.lever.co/tarnbank | -
"""

# the corpus' names where ours are others
NAMES = {"jobs_cz": "jobscz", "jobbankca": "jobbank"}


def ask(r, urls):
    """What each address is: (source, parameters) or None."""
    lines = "".join(json.dumps({"url": u}) + "\n" for u in urls)
    out = r.run("try", "board", stdin=lines, timeout=300).stdout.splitlines()
    eq(len(out), len(urls), "answers")
    found = [json.loads(line)["result"] for line in out]
    return [f and (f["source"], f["params"]) for f in found]


def shipped():
    return {os.path.basename(p)[:-5] for p in glob.glob(os.path.join(SCRAPERS, "*.yaml"))}


def test_forms(r):
    r.write("careerd.yaml", "")
    rows = [line.split(" | ") for line in FORMS.strip().splitlines()]
    wrong = []
    for (url, want), got in zip(rows, ask(r, [url for url, _ in rows])):
        text = "-"
        if got:
            text = " ".join([got[0]] + ["%s=%s" % pair for pair in got[1].items()])
        if text != want:
            wrong.append("%s: %s, not %s" % (url, text, want))
    eq(wrong, [])


def test_each_board_has_addresses(r):
    """A definition that wants to be told whose board is meant knows it by
    the address, too."""
    without = []
    for name in sorted(shipped()):
        with open(os.path.join(SCRAPERS, name + ".yaml"), encoding="utf-8") as file:
            text = file.read()
        if re.search(r"required: *true", text) and not re.search(r"(?m)^addresses:", text):
            without.append(name)
    eq(without, [])


def labelled():
    """(vendor, slug or None, address) of the labelled lists."""
    folder = os.path.join(CORPUS, "labelled", "ats-urls", "*", "*", "*.csv")
    for path in sorted(glob.glob(folder)):
        vendor = os.path.basename(path)[:-4]
        with open(path, newline="", encoding="utf-8") as file:
            for row in csv.DictReader(file):
                yield NAMES.get(vendor, vendor), row.get("slug"), row["url"]


# whose hosts are whose, for collections that say the address alone
HOSTS = {
    "greenhouse.io": "greenhouse", "lever.co": "lever", "ashbyhq.com": "ashby", "workable.com": "workable",
    "smartrecruiters.com": "smartrecruiters", "recruitee.com": "recruitee", "personio.de": "personio",
    "personio.com": "personio", "bamboohr.com": "bamboohr", "teamtailor.com": "teamtailor", "breezy.hr": "breezy",
    "pinpointhq.com": "pinpoint", "rippling.com": "rippling", "myworkdayjobs.com": "workday",
    "myworkdaysite.com": "workday", "oraclecloud.com": "oracle", "eightfold.ai": "eightfold",
    "jobvite.com": "jobvite", "weworkremotely.com": "weworkremotely",
}  # fmt: skip


def files(*parts):
    return sorted(glob.glob(os.path.join(CORPUS, "bulk", *parts)))


def load(path):
    opened = gzip.open(path) if path.endswith(".gz") else open(path, "rb")
    with opened as file:
        return json.load(file)


def bulk():
    """(vendor, slug or None, address) of the large collections, where the
    address is at a vendor's."""
    for path in files("feashliaa-greenhouse", "*", "*", "*.gz"):
        for row in load(path):
            if ".greenhouse.io/" in row["url"]:
                yield "greenhouse", row["company_slug"], row["url"]
    addresses = set()
    for path in files("lcarlini-ats", "*", "*", "ats-jobs.json") + files("lcarlini-wwr", "*", "*", "*.json"):
        addresses |= {row["url"] for row in load(path)["jobs"]}
    for path in files("simplifyjobs", "*", ".github", "scripts", "*.json"):
        addresses |= {row["url"] for row in load(path)}
    for url in sorted(addresses):
        host = urllib.parse.urlsplit(url).netloc.lower()
        vendor = HOSTS.get(".".join(host.split(".")[-2:]))
        if vendor:
            yield vendor, None, url


def measure(r, name, rows):
    """Right, unknown and wrong for each vendor; the vendors of the catalogue
    are to be right, the others unknown."""
    rows = list(rows)
    if not rows:
        raise rig.Skip("the corpus is not here")
    ours = shipped()
    counts = collections.defaultdict(collections.Counter)
    wrong = []
    for (vendor, slug, url), got in zip(rows, ask(r, [url for _, _, url in rows])):
        if got is None:
            verdict = "unknown"
        elif got[0] == vendor and (not got[1] or slug in (None, *got[1].values())):
            verdict = "right"
        else:
            verdict = "wrong"
            wrong.append("%s %s %s: %s" % (vendor, slug, url, got))
        counts[vendor][verdict] += 1
    right = known = other = 0
    for vendor, count in sorted(counts.items()):
        total = sum(count.values())
        if vendor in ours:
            known += total
            right += count["right"]
        else:
            other += total
        print("%s: %-14s %6d addresses, %6d right, %6d unknown, %d wrong%s" % (
            name, vendor, total, count["right"], count["unknown"], count["wrong"],
            "" if vendor in ours else " (not in the catalogue)"))  # fmt: skip
    print("%s: %d of %d addresses of the catalogue right (%.2f %%), %d others, %d wrong"
          % (name, right, known, 100 * right / max(known, 1), other, len(wrong)))  # fmt: skip
    eq(wrong[:10], [])
    if right < 0.995 * known:
        raise AssertionError("less than 99.5 % are right")


def test_labelled_addresses(r):
    r.write("careerd.yaml", "")
    measure(r, "labelled", labelled())


def test_bulk_addresses(r):
    r.write("careerd.yaml", "")
    measure(r, "bulk", bulk())


rig.main()
