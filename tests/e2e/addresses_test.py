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
https://apply.workable.com/hollowell/ | workable board=hollowell
https://apply.workable.com/hollowell/j/1A2B3C4D5E/apply/ | workable board=hollowell
https://apply.workable.com/api/v1/widget/accounts/hollowell?details=true | workable board=hollowell
https://apply.workable.com/api/v3/accounts/hollowell/jobs | workable board=hollowell
https://www.workable.com/api/accounts/hollowell?details=true | workable board=hollowell
https://hollowell.workable.com/jobs/12345 | workable board=hollowell
https://apply.workable.com/j/1A2B3C4D5E | -
https://jobs.workable.com/view/abc | -
https://www.workable.com/ | -
https://jobs.smartrecruiters.com/Lumenworks/743999986682224-welder | smartrecruiters board=Lumenworks
https://careers.smartrecruiters.com/Lumenworks/?search=welder | smartrecruiters board=Lumenworks
https://jobs.smartrecruiters.com/oneclick-ui/company/Lumenworks/publication/7d4b | smartrecruiters board=Lumenworks
https://jobs.smartrecruiters.com/ni/Lumenworks/7d4b-welder | smartrecruiters board=Lumenworks
https://api.smartrecruiters.com/v1/companies/Lumenworks/postings?limit=100 | smartrecruiters board=Lumenworks
https://jobs.smartrecruiters.com/sr-jobs/search?keyword=welder | -
https://www.smartrecruiters.com/resources/ | -
https://lumenworks.recruitee.com/o/welder | recruitee board=lumenworks
https://lumenworks.recruitee.com/api/offers/ | recruitee board=lumenworks
https://docs.recruitee.com/reference | -
https://lumenworks.jobs.personio.de/job/12345?language=de&display=de | personio board=lumenworks language=de
https://lumenworks.jobs.personio.com/xml | personio board=lumenworks domain=jobs.personio.com
https://lumenworks-jobs.personio.de/ | personio board=lumenworks
https://www.personio.de/jobs/ | -
https://lumenworks.bamboohr.com/careers/12 | bamboohr board=lumenworks
https://Lumenworks.BambooHR.com/jobs/view.php?id=12&source=x | bamboohr board=lumenworks
https://lumenworks.bamboohr.com/js/embed.js | bamboohr board=lumenworks
https://www.bamboohr.com/careers/ | -
https://lumenworks.teamtailor.com/jobs/12345-welder | teamtailor board=lumenworks
https://lumenworks.na.teamtailor.com/jobs | teamtailor board=lumenworks domain=na.teamtailor.com
https://app.teamtailor.com/companies/x | -
https://lumen-works.breezy.hr/p/0a1b2c3d4e5f-welder/apply | breezy board=lumen-works
https://lumen-works.breezy.hr/json?verbose=true | breezy board=lumen-works
https://app.breezy.hr/signin | -
https://lumenworks.pinpointhq.com/en/postings/7c0ff3e9-2d0f-4c57-8a61-0a3c1ddc2d11 | pinpoint board=lumenworks
https://www.pinpointhq.com/ | -
https://ats.rippling.com/lumenworks/jobs/7c0ff3e9-2d0f-4c57-8a61-0a3c1ddc2d11 | rippling board=lumenworks
https://ats.rippling.com/en-GB/lumenworks/jobs | rippling board=lumenworks
https://ats.rippling.com/hr/jobs | rippling board=hr
https://api.rippling.com/platform/api/ats/v1/board/lumenworks/jobs | rippling board=lumenworks
https://www.rippling.com/careers | -
https://lumen.wd5.myworkdayjobs.com/en-US/External_Careers/job/Oslo/Welder_R-12345 | workday tenant=lumen wd=wd5 site=External_Careers
https://lumen.wd103.myworkdayjobs.com/External_Careers | workday tenant=lumen wd=wd103 site=External_Careers
https://lumen.wd3.myworkdayjobs.com/wday/cxs/lumen/Careers/jobs | workday tenant=lumen wd=wd3 site=Careers
https://wd1.myworkdaysite.com/en-US/recruiting/lumen/Careers/job/x | workday tenant=lumen wd=wd1 site=Careers
https://wd1.myworkdaysite.com/recruiting/lumen/Careers | workday tenant=lumen wd=wd1 site=Careers
https://lumen.wd5.myworkdayjobs.com/en-US | -
https://lumen.wd5.myworkdayjobs.com/wday/authgwy/lumen/login | -
https://abcd.fa.em2.oraclecloud.com/hcmUI/CandidateExperience/en/sites/CX_1001/job/7?x | oracle host=abcd.fa.em2.oraclecloud.com site=CX_1001
https://lumen.fa.oraclecloud.com/hcmUI/CandidateExperience/en-GB/sites/jobs | oracle host=lumen.fa.oraclecloud.com site=jobs
https://www.oracle.com/careers/ | -
https://lumen.eightfold.ai/careers?domain=lumen.example&query=welder | eightfold host=lumen.eightfold.ai domain=lumen.example
https://app.eightfold.ai/careers?domain=lumen.example | eightfold host=app.eightfold.ai domain=lumen.example
https://www.adzuna.de/search?q=schwei%C3%9Fer&w=Berlin | adzuna words=schweißer country=de currency=EUR
https://www.arbeitsagentur.de/jobsuche/suche?was=Schlosser&wo=Ulm | arbeitsagentur words=Schlosser place=Ulm
https://berlinstartupjobs.com/design-ux/designer-lumen/ | berlinstartupjobs category=design-ux
https://candidat.francetravail.fr/offres/recherche?lieux=69D&motsCles=soudeur | francetravail words=soudeur department=69
https://www.getonbrd.com/jobs/data-science-analytics/analyst-lumen | getonboard category=data-science-analytics
https://news.ycombinator.com/item?id=1 | hackernews
https://www.jobbank.gc.ca/jobsearch/jobsearch?searchstring=welder&fprov=ON | jobbank words=welder province=ON
https://arbetsformedlingen.se/platsbanken/annonser?q=svetsare | jobtech words=svetsare
https://www.reed.co.uk/jobs/cook-jobs | reed words=cook
https://www.reed.co.uk/jobs?keywords=cook&location=Leeds | reed words=cook place=Leeds
https://www.usajobs.gov/Search/Results?k=cook&p=1 | usajobs words=cook
https://arbeidsplassen.nav.no/stillinger | nav
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


# they read an address that is given them whole, or live at the employer's own
WITHOUT = {"feed", "jobposting"}


def test_each_board_has_addresses(r):
    """A definition that wants to be told whose board is meant knows it by
    the address, too."""
    without = []
    for name in sorted(shipped() - WITHOUT):
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
    ours = shipped() - {"phenom"}  # its sites are at the employers' own addresses
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
            "" if vendor in ours else " (not known by addresses)"))  # fmt: skip
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
