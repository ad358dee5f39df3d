#!/usr/bin/python3 -B
"""The whole cycle: source files, boards over HTTP, jailed parsing, storage,
matching, a digest by SMTP; and what a second look changes."""
import email
import email.policy
import os
import re
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "board"))
sys.dont_write_bytecode = True
import boards  # noqa: E402
import datetime  # noqa: E402

import rig
from rig import eq, has

POSTED = boards.Boards(datetime.date(2026, 11, 20))


def prepare(r):
    r.boards()
    r.mailbox()
    r.configure(r.sample_sources())


def outcomes(text):
    """source -> (outcome, found) of what once printed."""
    found = {}
    for line in text.splitlines():
        m = re.match(r"(\S+)\s+(\S+)\s+(\d+) found", line)
        if m:
            found[m.group(1)] = (m.group(2), int(m.group(3)))
    return found


def test_first_and_second_look(r):
    prepare(r)
    first = r.run("once", "--task", "scrape").stdout
    got = outcomes(first)
    eq(got["greenhouse-sample/lumenworks"], ("ok", len(POSTED.greenhouse["lumenworks"])))
    eq(got["greenhouse-sample/northgate"], ("ok", len(POSTED.greenhouse["northgate"])))
    for site, postings in POSTED.lever.items():
        eq(got["lever-sample/" + site], ("ok", len(postings)))
    eq(got["feed-sample"], ("ok", len(POSTED.feed)))
    eq(got["list-sample"], ("ok", len(POSTED.list)))
    eq(got["careers-sample"], ("ok", len(POSTED.careers)))
    stored = int(r.sql("select count(*) from postings"))
    eq(stored, sum(n for _, n in got.values()), "postings stored")
    jobs = int(r.sql("select count(*) from jobs"))
    if jobs >= stored:
        raise AssertionError("no duplicate was merged: %d jobs of %d" % (jobs, stored))
    again = outcomes(r.run("once", "--task", "scrape").stdout)
    eq({outcome for outcome, _ in again.values()}, {"unchanged"}, "outcomes")
    eq(int(r.sql("select count(*) from jobs")), jobs, "jobs after a second look")


def test_duplicates_and_reposts(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    on_two_boards = r.sql(
        "select count(*) from (select job_id from postings p join sources s"
        " on s.id = p.source_id group by job_id"
        " having count(distinct s.name) > 1) x"
    )
    eq(int(on_two_boards), 11, "jobs on two boards")
    eq(int(r.sql("select sum(reposts) from jobs")), 6, "reposts")
    job = r.sql("select id from jobs where reposts > 0 order by id limit 1")
    shown = r.run("job", "show", job).stdout
    has(shown, "greenhouse-sample/")


def test_digest_once(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    named = {s["name"]: s["attribution"] for s in r.rows("source", "list")}
    eq(named["feed-sample"], "Sample Remote")
    eq(named["list-sample"], None)
    preview = r.run("digest", "preview").stdout
    out = r.run("once", "--task", "digest").stdout
    has(out, "sent")
    eq(len(r.mails()), 1, "mails")
    check_mail(r.mails()[0])
    r.run("once", "--task", "scrape")
    r.run("once", "--task", "digest")
    eq(len(r.mails()), 1, "mails after a second digest")
    with open(r.mails()[0], "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    has(preview, message["subject"])


def check_mail(path):
    with open(path, "rb") as file:
        raw = file.read()
    message = email.message_from_bytes(raw, policy=email.policy.strict)
    for part in message.walk():
        eq(part.defects, [], "defects")
    eq(message.get_content_type(), "multipart/alternative")
    eq(message["to"].addresses[0].addr_spec, "ada@example.org")
    has(message["list-unsubscribe"], "<mailto:jobs@example.org?subject=unsubscribe")
    eq(message["list-unsubscribe-post"], None)
    eq(message["auto-submitted"], "auto-generated")
    has(message["message-id"], "@example.org>")
    text, html = (p.get_content() for p in message.iter_parts())
    # A board that wants it is named beside its jobs, with its own page.
    url = re.search(r"via Sample Remote: (http://127\.0\.0\.1:\d+/\S+)", text).group(1)
    has(html, '<a href="%s">Sample Remote</a>' % url)
    if len(raw) > 102400 or max(map(len, raw.split(b"\r\n"))) > 998:
        raise AssertionError("too long")
    text = message.get_body(("plain",)).get_content()
    page = message.get_body(("html",)).get_content()
    has(text, "C Developer, Storage Engine")
    has(page, "C Developer, Storage Engine")
    if re.search(r"<script|<img|javascript:|\son\w+=", page):
        raise AssertionError("the page has what it must not have")


def test_questions(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    matches = r.rows("match", "list", "--limit", "5")
    eq(len(matches), 5)
    scores = [m["score"] for m in matches]
    eq(scores, sorted(scores, reverse=True))
    has(r.run("match", "explain", str(matches[0]["job_id"])).stdout, "of 100")
    hits = r.rows("search", "postgresql")
    if not hits:
        raise AssertionError("search found nothing")
    eq(len(r.rows("source", "list")), 7)
    status = r.run("status").stdout
    has(status, "greenhouse-sample/lumenworks")
    eq(r.run("job", "show", "999999", check=False).returncode, 66)
    eq(r.run("job", "show", "x", check=False).returncode, 64)


rig.main()
