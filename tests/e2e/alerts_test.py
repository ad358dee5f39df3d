#!/usr/bin/python3 -B
"""Alert mails from mailboxes: each is read once, the broken ones are told
apart, and no link in them is asked for unless it may be."""
import email.utils
import http.server
import mailbox
import os
import subprocess
import threading
import time

import rig
from rig import eq, has

SOURCE = """source: alerts
about: Alerts of a board
format: mail
params: { mailbox: { required: true } }
url: "{mailbox}"
mail: { from: "@board.example" }
jobs: li
fields:
  external_id: { re: "/j/([^?]+)", from: url }
  title: a
  url: a@href
  company: b
  posted_date: "{mail.date}"
"""


def mail(jobs, sender="alerts@mail.board.example", subject="New jobs", age_days=0, **how):
    """An alert with these jobs: (number, title, company)."""
    base = how.get("base", "https://board.example")
    items = "".join(
        '<li><a href="%s/j/%s?utm_source=alert">%s</a> <b>%s</b></li>' % (base, number, title, company)
        for number, title, company in jobs
    )
    return (
        "From: Board <%s>\nTo: ada@example.org\nSubject: %s\nDate: %s\nMessage-ID: %s\n"
        "MIME-Version: 1.0\nContent-Type: multipart/alternative; boundary=b\n\n"
        "--b\nContent-Type: text/plain\n\nText.\n"
        "--b\nContent-Type: text/html; charset=utf-8\n\n<ul>%s</ul>\n--b--\n"
        % (
            sender,
            subject,
            email.utils.formatdate(time.time() - age_days * 86400),
            email.utils.make_msgid(domain="board.example"),
            items,
        )
    )


def put(r, text, folder="new", age_days=0, name=None):
    """A mail in the Maildir; the name of its file."""
    for part in ("new", "cur", "tmp"):
        os.makedirs(r.path("box", part), exist_ok=True)
    put.serial = getattr(put, "serial", 0) + 1
    name = name or "%d.M%dP1.host" % (time.time() - age_days * 86400, put.serial)
    data = text if isinstance(text, bytes) else text.encode()
    with open(r.path("box", folder, name), "wb") as file:
        file.write(data)
    return name


def prepare(r, box="maildir:box", source=SOURCE):
    r.write("alerts.yaml", source)
    r.configure('\n  ./alerts.yaml: { mailbox: "%s" }' % box)


def once(r):
    """What a run says of the source: outcome and the rest of its line."""
    out = r.run("once", "--task", "scrape", check=False).stdout
    for line in out.splitlines():
        words = line.split()
        if words and words[0] == "alerts":
            return words[1], out[out.index(line) :]
    raise AssertionError("no run of alerts in:\n" + out)


def titles(r):
    return r.sql("select string_agg(title, ',' order by title) from jobs")


def test_each_mail_is_read_once(r):
    prepare(r)
    put(r, mail([(1, "Baker", "Bread"), (2, "Brewer", "Beer")]))
    put(r, mail([(2, "Brewer", "Beer"), (3, "Cook", "Food")]))
    put(r, mail([(8, "Spy", "Spam")], sender="eve@evil.example"))
    put(r, mail([(9, "Old", "Past")], age_days=31), age_days=31)
    eq(once(r)[0], "ok")
    eq(titles(r), "Baker,Brewer,Cook")
    eq(r.count("select count(*) from pages"), 3, "mails that are known")
    eq(r.sql("select distinct url from postings where external_id = '1'"), "https://board.example/j/1")
    eq(once(r)[0], "unchanged")
    eq(r.count("select requests from runs order by id desc limit 1"), 1, "requests when nothing is new")


def test_mails_that_move_and_go(r):
    prepare(r)
    first = put(r, mail([(1, "Baker", "Bread")]))
    eq(once(r)[0], "ok")
    os.rename(r.path("box", "new", first), r.path("box", "cur", first + ":2,S"))
    eq(once(r)[0], "unchanged")
    os.unlink(r.path("box", "cur", first + ":2,S"))
    put(r, mail([(2, "Brewer", "Beer")]))
    for _ in range(3):
        once(r)
    eq(r.count("select count(*) from jobs where closed_at is null"), 2, "a mail that is gone closes nothing")
    # 40 days later, nobody has named the first one again
    r.sql("update pages set seen_at = seen_at - interval '40 days' where url like '%%%s'" % first)
    r.sql("update postings set last_seen_at = last_seen_at - interval '40 days' where external_id = '1'")
    once(r)
    once(r)
    eq(r.sql("select title from jobs where closed_at is not null"), "Baker")
    put(r, mail([(1, "Baker", "Bread")]))
    once(r)
    eq(r.count("select count(*) from jobs where closed_at is null"), 2, "named again, it is open")


def test_another_definition_reads_anew(r):
    prepare(r)
    put(r, mail([(1, "Baker", "Bread")]))
    eq(once(r)[0], "ok")
    prepare(r, source=SOURCE.replace("  company: b\n", "  company: b\n  location: { const: Berlin }\n"))
    eq(once(r)[0], "ok")
    eq(r.sql("select location from jobs"), "Berlin")


def bomb(depth):
    text = "From: a@board.example\nSubject: bomb\n"
    for i in range(depth):
        text += "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n" % (i, i)
    return text + "Content-Type: text/html\n\n<li><a href=https://board.example/j/66>Bomb</a>"


def test_broken_mails(r):
    prepare(r)
    head = "From: a@board.example\nSubject: broken\n"
    put(r, bomb(10000))
    put(r, head + "Content-Type: multipart/mixed; boundary=b\n\nno such line\n")
    put(r, (head + "Content-Type: text/html\n\n").encode() + b"<li>" + b"x" * (50 << 20))
    put(r, head + "Content-Type: text/html; charset=no-such\n\n\xff\xfe\x00<li>\x00".encode("latin-1").decode("latin-1"))
    put(r, head + "\nonly text\n")
    put(r, b"\x00\xff" * 5000)
    put(r, b"")
    put(r, head + "Content-Type: text/html\n\n" + "<div>" * 200000)
    put(r, mail([(1, "Baker", "Bread")]))
    os.symlink("/etc/passwd", r.path("box", "new", "1.link"))
    outcome, line = once(r)
    eq(outcome, "partial", line)
    eq(titles(r), "Baker")
    r.sql("select 1")
    eq(once(r)[0], "unchanged")
    put(r, mail([(2, "Brewer", "Beer")]))
    eq(once(r)[0], "ok")
    eq(titles(r), "Baker,Brewer")


def test_mbox(r):
    prepare(r, "mbox:mbox")
    box = mailbox.mbox(r.path("mbox"))
    box.add(mail([(1, "Baker", "Bread")]))
    box.add(mail([(2, "From here", "Beer")]))
    box.flush()
    eq(once(r)[0], "ok")
    eq(titles(r), "Baker,From here")
    eq(once(r)[0], "unchanged")
    # the first is deleted, the file written anew, and another one comes
    box.remove(box.keys()[0])
    box.add(mail([(3, "Cook", "Food")]))
    box.flush()
    eq(once(r)[0], "ok")
    eq(titles(r), "Baker,Cook,From here")
    eq(r.count("select requests from runs order by id desc limit 1"), 2, "requests for one new mail")


def test_many_mails(r):
    prepare(r)
    for n in range(300):
        put(r, mail([(n, "Job %d" % n, "Firm %d" % n)]))
    eq(once(r)[0], "ok")
    eq(r.count("select count(*) from postings"), 300)


def test_no_mailbox(r):
    prepare(r, "maildir:nowhere")
    outcome, line = once(r)
    eq(outcome, "failed")
    has(line, "No such file")
    os.makedirs(r.path("nowhere"))
    has(once(r)[1], "is no Maildir")
    prepare(r, "mbox:nowhere")
    has(once(r)[1], "it is no file")


class Site(http.server.BaseHTTPRequestHandler):
    """A board that writes down what it is asked for."""

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.path.startswith("/j/moves"):
            self.send_response(302)
            self.send_header("Location", self.server.elsewhere + "/there")
            self.end_headers()
            return
        found = self.path.startswith("/j/")
        body = b"<p class=text>All of it.</p>" if found else b""
        self.send_response(200 if found else 404)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *arguments):
        pass


def site(host="127.0.0.1"):
    server = http.server.ThreadingHTTPServer((host, 0), Site)
    server.asked = []
    server.elsewhere = ""
    threading.Thread(target=server.serve_forever, daemon=True).start()
    server.base = "http://%s:%d" % ("localhost" if host == "127.0.0.1" else host, server.server_address[1])
    return server


DETAIL = """follow: localhost
allow_private: true
limits: { rate: unlimited }
detail: { url: "{job.url}", fields: { description: .text } }
"""


def test_links_are_not_requested(r):
    board, other = site(), site("127.0.0.2")
    board.elsewhere = other.base
    prepare(r, source=SOURCE + "allow_private: true\n")
    put(r, mail([(1, "Baker", "Bread")], base=board.base))
    eq(once(r)[0], "ok")
    eq(board.asked, [], "requests for links of a mail")
    prepare(r, source=SOURCE + DETAIL)
    put(r, mail([(2, "Brewer", "Beer")], base=other.base))
    put(r, mail([("moves", "Mover", "Vans"), (3, "Cook", "Food")], base=board.base))
    once(r)
    eq(sorted(set(board.asked)), ["/j/3", "/j/moves", "/robots.txt"], "requests where follow allows them")
    eq(other.asked, [], "requests where it does not, by link or by redirect")
    eq(titles(r), "Baker,Brewer,Cook,Mover")
    eq(r.sql("select description from jobs where title = 'Cook'"), "All of it.")


def test_receive(r):
    prepare(r, "received")
    eq(once(r)[0], "unchanged", "nothing was received yet")
    has(r.run("mail", "receive", stdin=mail([(1, "Baker", "Bread")])).stdout, "Kept for alerts.")
    r.run("mail", "receive", stdin=mail([(2, "Brewer", "Beer")]))
    done = r.run("mail", "receive", stdin=mail([(8, "Spy", "Spam")], sender="eve@evil.example"), check=False)
    eq(done.returncode, 65)
    has(done.stderr, "no source that reads what is received names its sender")
    eq(once(r)[0], "ok")
    eq(titles(r), "Baker,Brewer")
    kept = r.path("state", "received", "new")
    eq(len(os.listdir(kept)), 2)
    for name in os.listdir(kept):
        os.utime(os.path.join(kept, name), (1, 1))
    r.run("mail", "receive", stdin=mail([(3, "Cook", "Food")]))
    eq(len(os.listdir(kept)), 1, "what is too old is thrown out")
    eq(once(r)[0], "ok")
    eq(titles(r), "Baker,Brewer,Cook")


TEXT = """source: alerts
format: mail
params: { mailbox: { required: true } }
url: "{mailbox}"
mail: { part: text }
auth: { basic: { password: credential:imap } }
jobs: /(?<title>hello)/
fields: { url: { const: "https://board.example/1" } }
"""


def test_imap(r):
    log = r.path("imap.log")
    process = r.start(
        rig.PYTHON, "-B", os.path.join(rig.TOP, "tests/unit/net/imap_server.py"), log,
        stdin=subprocess.PIPE, stdout=subprocess.PIPE,
    )  # fmt: skip
    port = int(process.stdout.readline())
    os.mkdir(r.path("creds"))
    r.write("creds/imap", "secret\n")
    os.chmod(r.path("creds/imap"), 0o600)
    prepare(r, "imap://ada@127.0.0.1:%d/Jobs" % port, TEXT)
    eq(once(r)[0], "partial", "one mail is empty, one has no such text")
    eq(titles(r), "hello")
    eq(once(r)[0], "unchanged")
    with open(log, encoding="utf-8") as file:
        text = file.read()
    eq(text.count("UID FETCH"), 3, "each mail is fetched once")
    eq(text.count("EXAMINE"), 3, "nothing is opened to be written to")
    if "SELECT" in text or "STORE" in text:
        raise AssertionError("the mailbox was changed:\n" + text)
    r.write("creds/imap", "canary-4711\n")
    outcome, line = once(r)
    eq(outcome, "failed")
    has(line, "the server does not let 'ada' in: is the credential right?")
    if "canary-4711" in line + r.run("status", check=False).stdout:
        raise AssertionError("the password is shown")
    os.unlink(r.path("creds/imap"))
    has(once(r)[1], "the mailbox has no password")


def test_source_test(r):
    prepare(r)
    r.write("mail.eml", mail([(1, "Baker", "Bread")]))
    done = r.run("source", "test", r.path("alerts.yaml"), "--page", r.path("mail.eml"), "--param", "mailbox=received")
    has(done.stdout, "Baker")
    has(done.stdout, "https://board.example/j/1")
    with open(r.path("mail.eml"), encoding="utf-8") as file:
        text = file.read()
    r.run("source", "test", r.path("alerts.yaml"), "--page", "-", "--param", "mailbox=received", stdin=text)
    r.write("other.eml", text.replace("board.example>", "evil.example>"))
    done = r.run(
        "source", "test", r.path("alerts.yaml"), "--page", r.path("other.eml"), "--param", "mailbox=received", check=False
    )
    has(done.stdout, "a mail from alerts@mail.evil.example, which mail.from does not name")
    put(r, text)
    put(r, bomb(100))
    done = r.run(
        "source", "test", r.path("alerts.yaml"), "--param", "mailbox=maildir:" + r.path("box"),
        "--save", r.path("saved"), check=False,
    )  # fmt: skip
    has(done.stdout, "Baker")
    has(done.stdout, "partial")
    eq(len([n for n in os.listdir(r.path("saved")) if n.endswith(".eml")]), 2, "saved mails")


rig.main()
