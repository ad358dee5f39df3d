#!/usr/bin/python3 -B
"""The operator hears of a source once when its state changes: by mail, with
what to do; never for every run, never twice, and never in a flood."""
import email
import email.policy
import subprocess
import time

import rig
from answers import Server, jobs, source
from rig import eq, has

USER = "user: { email: ada@example.org, name: Ada, time_zone: Europe/Berlin, skills: [C] }\noperator: ops@example.org\n"


def prepare(r, names, user=USER, more=""):
    server = Server()
    text = ""
    for name in names:
        text += source(r, server, name, "robots: ignore\nreason: a test\n")
        server.set("/" + name, jobs(5))
    r.mailbox()
    r.configure(text, user=user, more=more)
    return server


def look(r):
    """Everything that is due: all sources, at once."""
    r.sql("update sources set next_due_at = null")
    return r.run("once").stdout


def notices(r):
    found = []
    for path in r.mails():
        with open(path, "rb") as file:
            message = email.message_from_binary_file(file, policy=email.policy.default)
        if "needs a look" not in path and message["to"].addresses[0].addr_spec == "ops@example.org":
            found.append(message)
    return found


def text_of(message):
    return message.get_body(("plain",)).get_content()


def test_once_for_a_change(r):
    server = prepare(r, ["acme", "beta", "gamma"])
    look(r)
    eq(len(notices(r)), 0, "mails of sources that are well")
    for name in ("acme", "beta"):
        server.set("/" + name, "come back later", 429, Retry_After="7200")
    look(r)
    (mail,) = notices(r)
    eq(mail["subject"], "2 sources need a look: acme, beta")
    text = text_of(mail)
    for part in (
        "acme asks for fewer requests.",
        "beta asks for fewer requests.",
        "throttled since ",
        "HTTP status 429",
        "what to do: Nothing yet: it is asked again later.",
        "write to\njobs@example.org with the subject:\nunsubscribe ",
    ):
        has(text, part)
    if "gamma" in text or max(map(len, text.splitlines())) > 76:
        raise AssertionError(text)
    has(mail.get_body(("html",)).get_content(), "acme asks for fewer requests")
    eq(mail["message-id"].split("@")[1], "example.org>")
    for _ in range(2):
        look(r)
    eq(len(notices(r)), 1, "mails while nothing changes")
    # another kind of bad, and well again
    server.set("/acme", jobs(5))
    server.set("/beta", "Forbidden", 403)
    look(r)
    eq(len(notices(r)), 2)
    text = text_of(notices(r)[1])
    eq(notices(r)[1]["subject"], "1 source needs a look, 1 is well again")
    has(text, "beta does not let us in.")
    has(text, "acme, since ")
    has(text, "you were told: throttled")


def test_flapping_is_folded(r):
    server = prepare(r, ["acme"])
    look(r)
    for i in range(4):
        server.set("/acme", "no", 403)
        look(r)
        server.set("/acme", jobs(5 + i))
        look(r)
    eq(len(notices(r)), 2, "mails of a source that flaps for a day")
    server.set("/acme", "no", 403)
    look(r)
    eq(len(notices(r)), 2)
    r.sql("update sources set told_at = told_at - interval '25 hours'")
    r.run("once")
    eq(len(notices(r)), 3)
    has(text_of(notices(r)[2]), "it changed 7 times since it was last written of")


def test_not_twice_by_two_at_once_or_anew(r):
    server = prepare(r, ["acme", "beta"])
    look(r)
    server.set("/acme", "no", 403)
    r.run("once", "--source", "acme")
    eq(len(notices(r)), 0, "what is named alone sends nothing else")
    command = (rig.CAREERD, "-c", r.config, "once")
    for process in [r.start(*command, stdout=subprocess.DEVNULL) for _ in range(3)]:
        process.wait(100)
    eq(len(notices(r)), 1)
    eq(r.count("select count(*) from deliveries where kind = 'sources'"), 1)
    # a daemon that starts knows what was told
    daemon = r.serve()
    server.set("/beta", "no", 403)
    r.sql("update sources set next_due_at = null")
    rig.wait(lambda: len(notices(r)) == 2, 60, "the daemon's mail")
    eq(notices(r)[1]["subject"], "beta does not let us in")
    daemon.terminate()
    daemon.wait(40)
    r.serve()
    time.sleep(12)
    eq(len(notices(r)), 2, "mails after a restart")


def test_who_hears(r):
    server = prepare(r, ["acme"], user=USER.replace("operator: ops@example.org\n", ""))
    server.set("/acme", "no", 403)
    look(r)
    eq(len(notices(r)), 0)
    eq(r.sql("select recipient, user_id is not null from deliveries"), "ada@example.org|t")
    # without anybody to write to: status and log have it
    r.sql("update sources set told_kind = 'good', told_at = null; delete from deliveries")
    with open(r.config, encoding="utf-8") as file:
        text = file.read()
    r.write("careerd.yaml", text[text.index("sources:") :])
    look(r)
    eq(r.count("select count(*) from deliveries"), 0)
    has(r.run("status").stdout, "blocked: HTTP status 403")


def test_off_and_afresh_are_no_news(r):
    server = prepare(r, ["acme"])
    look(r)
    server.set("/acme", {"jobs": []})
    look(r)
    eq(len(notices(r)), 1)
    has(text_of(notices(r)[0]), "careerd source enable --afresh acme")
    r.run("source", "enable", "--afresh", "acme")
    look(r)
    eq(len(notices(r)), 1, "mails after what was asked for")
    server.set("/acme", "no", 403)
    r.run("source", "disable", "acme")
    look(r)
    eq(len(notices(r)), 1, "mails of a source that is off")


def test_unsubscribing(r):
    server = prepare(r, ["acme"])
    server.set("/acme", "no", 403)
    look(r)
    text = text_of(notices(r)[0])
    subject = text[text.index("\nunsubscribe ") :].split("\n")[1]
    stop = "From: Ops <ops@example.org>\nTo: jobs@example.org\nSubject: %s\n\nstop\n" % subject
    has(r.run("mail", "receive", stdin=stop).stdout, "ops@example.org")
    server.set("/acme", jobs(3))
    look(r)
    eq(len(notices(r)), 1)
    has(r.run("mail", "resume", "ops@example.org").stdout, "ops@example.org")
    r.run("once")
    eq(notices(r)[1]["subject"], "acme is well again")


def test_digest(r):
    """Titles of any length, links without tracking, the skills that matched,
    lines that fit, and the sources that could not be looked at in words."""
    server = Server()
    text = "".join(source(r, server, name, field="description") for name in ("acme", "beta", "gamma"))
    more = "".join(source(r, server, "bad-%d" % i) for i in range(5))
    r.mailbox()
    user = "user: { email: ada@example.org, time_zone: Europe/Berlin, skills: [Erlang, PostgreSQL, Linux] }\n"
    r.configure(text + more, user=user)
    job = {
        "id": 1,
        "title": "Erlang Developer " + "who likes very long titles " * 40,
        "url": "https://x.example/1?utm_source=feed&id=7&" + "p" * 100,
        "description": "Requirements:\n- Erlang\n- PostgreSQL\n- Linux",
    }
    server.set("/acme", {"jobs": [job]})
    server.set("/beta", {"jobs": []})
    server.set("/gamma", "come back later", 429, Retry_After="7200")
    for i in range(5):
        server.set("/bad-%d" % i, "no", 403)
    r.run("once", "--task", "scrape")
    preview = r.run("digest", "preview").stdout
    for part in ("3 of 3 skills: Erlang, ", "\n-- \n", "write to jobs@example.org with the subject:\nunsubscribe "):
        has(preview, part)
    r.run("once", "--task", "digest")
    with open(r.mails()[0], "rb") as file:
        mail = email.message_from_binary_file(file, policy=email.policy.default)
    subject, body, page = mail["subject"], text_of(mail), mail.get_body(("html",)).get_content()
    has(subject, "1 new job, best: Erlang Developer who likes")
    if len(subject) > 110 or not subject.rstrip(".").endswith("\u2026"):
        raise AssertionError(subject)
    has(body, "Of 1 new job, 1 suits you.")
    url = "https://x.example/1?id=7&" + "p" * 100
    has(body, url + "\n")
    has(page, 'href="%s"' % url.replace("&", "&amp;"))
    for line in body.splitlines():
        if len(line) > 76 and "https://" not in line:
            raise AssertionError(line)
    folded = " ".join(body.split())
    has(folded, "Could not be looked at since today: ")
    has(folded, "bad-0 (does not let us in)")
    has(folded, "and 1 more")
    for part in ("HTTP status", "429", "blocked"):
        if part in body:
            raise AssertionError("raw words in\n" + body)


def test_robots_that_cannot_be_had(r):
    server = Server()
    r.configure(source(r, server, "acme"), user="")
    server.set("/acme", jobs(2))
    server.set("/robots.txt", "broken", 500)
    r.run("once", "--task", "scrape")
    has(r.rows("run", "list", "acme")[0]["reason"], "robots.txt could not be had: ")
    server.set("/robots.txt", "User-agent: *\nDisallow: /\n")
    r.sql("update hosts set robots_at = robots_at - interval '2 days'")
    r.run("once", "--task", "scrape")
    eq(r.rows("run", "list", "acme")[0]["reason"], "robots.txt forbids the list")


rig.main()
