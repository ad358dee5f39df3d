#!/usr/bin/python3 -B
"""Mail in and out beside the digest: the test mail, unsubscribing by the
address that a digest carries, bounces, a relay that is not there."""
import email
import email.policy
import os
import re
import subprocess
import urllib.parse

import rig
from rig import eq, has

BOUNCE = """From: MAILER-DAEMON@mx.example.net
To: jobs@example.org
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type=delivery-status; boundary="b"
MIME-Version: 1.0

--b
Content-Type: text/plain

Sorry.
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example.net

Final-Recipient: rfc822; %s
Action: %s
Status: %s

--b
Content-Type: text/rfc822-headers

From: jobs@example.org
Message-ID: <%s>
--b--
"""


def prepare(r):
    r.boards()
    r.mailbox()
    r.configure(r.sample_sources())


def test_test_mail(r):
    prepare(r)
    has(r.run("mail", "test").stdout, "ada@example.org")
    eq(len(r.mails()), 1)
    eq(r.run("mail", "test", "eve@example.org\r\nRCPT TO:<x@y.z>", check=False).returncode, 65)
    eq(len(r.mails()), 1)


def test_own_templates(r):
    prepare(r)
    os.mkdir(r.path("own"))
    r.configure(r.sample_sources(), more="templates: %s\n" % r.path("own"))
    own = r.path("own", "digest.txt.mustache")
    faults = (
        (b"Hello {{> footre}}", ":1:7: there is no partial 'footre'"),
        (b"Hello\n  {{emial}}", ":2:3: unknown name 'emial'"),
        (b"Hello {{#jobs}}", ":1:7: section 'jobs' is never closed"),
        (b"Hello \xff", ": not UTF-8 text"),
        (b"Hello \x00", ": not UTF-8 text"),
    )
    for text, fault in faults:
        with open(own, "wb") as file:
            file.write(text)
        for command in ("config", "check"), ("once",):
            done = r.run(*command, check=False)
            eq(done.returncode, 78)
            has(done.stderr, own + fault)
    os.unlink(own)
    os.mkdir(own)
    has(r.run("config", "check", check=False).stderr, own + ": not a file")
    os.rmdir(own)
    with open(own, "wb") as file:
        file.write(b"Mine.\n")
    r.run("config", "check")
    r.run("once", "--task", "scrape")
    r.run("once", "--task", "digest")
    with open(r.mails()[0], "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    eq(message.get_body(("plain",)).get_content().strip(), "Mine.")


def test_unsubscribe_by_mail(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    r.run("once", "--task", "digest")
    with open(r.mails()[0], "rb") as file:
        message = email.message_from_binary_file(file, policy=email.policy.default)
    url = re.search(r"<(mailto:[^>]+)>", message["list-unsubscribe"]).group(1)
    subject = urllib.parse.parse_qs(urllib.parse.urlsplit(url).query)["subject"][0]
    request = "From: Ada <ada@example.org>\nTo: jobs@example.org\nSubject: %s\n\nstop\n"
    forged = r.run("mail", "receive", stdin=request % "unsubscribe aaaaaaaaaaaaaaaaaaaaaaaaaa", check=False)
    eq(forged.returncode, 65, forged.stderr)
    has(r.run("mail", "receive", stdin=request % subject).stdout, "ada@example.org")
    r.sql("update matches set offered_at = null, offered_version = null")
    r.run("once", "--task", "digest", check=False)
    eq(len(r.mails()), 1, "mails after unsubscribing")


def test_bounces(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    r.run("once", "--task", "digest")
    sent = r.sql("select message_id from deliveries")
    delayed = BOUNCE % ("ada@example.org", "delayed", "4.4.1", sent)
    has(r.run("mail", "receive", stdin=delayed).stdout, "nothing is changed")
    for forged in ("x@example.org", sent[1:]):
        done = r.run("mail", "receive", stdin=BOUNCE % ("ada@example.org", "failed", "5.1.1", forged), check=False)
        eq(done.returncode, 65, "a bounce of a mail that was never sent")
    eq(r.count("select count(*) from suppressions"), 0)
    r.run("mail", "receive", stdin=BOUNCE % ("Ada@example.org", "failed", "5.1.1", sent))
    eq(r.sql("select address, reason from suppressions"), "ada@example.org|bounce 5.1.1")
    r.sql("update matches set offered_at = null, offered_version = null")
    r.run("once", "--task", "digest", check=False)
    eq(len(r.mails()), 1, "mails after the bounce")
    eq(r.count("select count(*) from matches where offered_at is not null"), 0, "offered without a mail")
    has(r.run("status").stdout, "gets no mail: bounce 5.1.1")
    eq(r.run("mail", "receive", stdin="Subject: hello\n\nhi\n", check=False).returncode, 65)
    eq(r.run("mail", "receive", stdin="", check=False).returncode, 65)


def test_two_at_once_send_one(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    command = (rig.CAREERD, "-c", r.config, "once", "--task", "digest")
    for process in [r.start(*command, stdout=subprocess.DEVNULL) for _ in range(3)]:
        process.wait(100)
    eq(len(r.mails()), 1, "mails of three at once")


def test_relay_is_not_there(r):
    prepare(r)
    r.run("once", "--task", "scrape")
    with open(r.config, encoding="utf-8") as file:
        text = file.read()
    r.write("careerd.yaml", re.sub(r"smtp://127.0.0.1:\d+", "smtp://127.0.0.1:9", text))
    r.run("once", "--task", "digest", check=False)
    has(r.run("status").stdout, "deferred")
    r.write("careerd.yaml", text)
    r.sql("update deliveries set not_before = '-infinity'")
    r.run("once", "--task", "deliver")
    eq(len(r.mails()), 1, "mails once the relay is back")


rig.main()
