#!/usr/bin/python3 -B
"""Four boards on eleven dates over ten months, replayed: what opens, closes
and comes back is counted posting by posting, as the corpus says. The two
recordings that their collector flattened are drifted and change nothing, nor
do the days on which a board has no recording and answers 404.
Needs the shared corpus; skipped without it."""
import collections
import glob
import hashlib
import os
import re
import subprocess

import rig
from rig import eq

HOME = os.path.join(rig.SHARED, "corpus")
SERVER = os.path.join(rig.TOP, "tests", "corpus", "timelapse.py")


def recordings():
    """board -> {date: path}"""
    found = collections.defaultdict(dict)
    for path in glob.glob(os.path.join(HOME, "json-api", "greenhouse-timelapse", "*", "*", "*.json")):
        found[os.path.basename(os.path.dirname(path))][os.path.basename(path)[:-5]] = path
    return found


def expected():
    """(board, date) -> the numbers of variant wire, which is all but for two
    recordings; and those two."""
    rows, flattened, total = {}, [], 0
    with open(os.path.join(HOME, "TIMELAPSE-EXPECTED.tsv"), encoding="utf-8") as file:
        cells = [line.rstrip("\n").split("\t") for line in file if not line.startswith(("#", "variant"))]
    in_wire = {c[1] for c in cells if c[0] == "wire"}
    for c in cells:
        if c[3] == "flattened":
            flattened.append((c[1], c[2]))
        elif re.fullmatch(r"\d{4}-\d\d-\d\d", c[2]) and (c[0] == "wire") == (c[1] in in_wire):
            rows[c[1], c[2]] = c[4:]
    return rows, flattened


def ids_hash(ids):
    """As the expectation writes sets of ids."""
    return hashlib.sha256("\n".join(sorted(ids)).encode()).hexdigest()[:16] if ids else "-"


class Database:
    """One psql for all questions; it keeps the server up between the runs."""

    def __init__(self, r):
        self.psql = r.start(
            rig.CAREERD, "-c", r.config, "psql", "--", "-XAtq",
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1,
        )  # fmt: skip

    def rows(self, statement):
        self.psql.stdin.write(statement + ";\n\\echo end\n")
        return [line.rstrip("\n").split("|") for line in iter(self.psql.stdout.readline, "end\n")]


STATE = (
    "select external_id, closed_at is not null, missed from postings"
    " where source_id = (select id from sources where key = 'greenhouse/%s')"
)
LAST_RUN = (
    "select outcome, found, added + merged, reopened, missing, closed, open, reason from runs where source_id ="
    " (select id from sources where key = 'greenhouse/%s') order by id desc limit 1"
)


class Board:
    def __init__(self, name):
        self.name = name
        self.before = {}

    def look(self, database):
        """The numbers of the run just made, from the rows of its postings."""
        now = {}
        for external, closed, missed in database.rows(STATE % self.name):
            now[external] = (closed == "t", int(missed))
        opened = [x for x in now if x not in self.before]
        reopened = [x for x in now if x in self.before and self.before[x][0] and not now[x][0]]
        closed = [x for x in now if now[x][0] and not self.before.get(x, (True,))[0]]
        open_after = [x for x in now if not now[x][0]]
        absent = [x for x in open_after if now[x][1] == 1]
        self.before = now
        return [
            str(len(open_after) - len(absent)), str(len(opened)), str(len(reopened)), str(len(absent)),
            str(len(closed)), str(len(open_after)), ids_hash(opened), ids_hash(reopened), ids_hash(closed),
        ]  # fmt: skip


def test_boards_over_time(r):
    boards = recordings()
    if not boards:
        raise rig.Skip("no time-lapse in %s" % HOME)
    rows, flattened = expected()
    today = r.write("today", "")
    _, port = r.server(SERVER, os.path.dirname(os.path.dirname(next(iter(boards["ardentmc"].values())))), today)
    r.configure(
        '\n  greenhouse: { board: [%s], url: "http://127.0.0.1:%d/{board}", every: 24h,'
        " limits: { rate: unlimited }, allow_private: true }" % (", ".join(sorted(boards)), port),
        user="",
    )
    database = Database(r)
    states = {name: Board(name) for name in boards}
    seen = 0
    for date in sorted({date for files in boards.values() for date in files}):
        r.write("today", date)
        r.env["PGOPTIONS"] = "-c careerd.now=%sT06:00Z" % date
        r.run("once", "--task", "scrape", check=False)
        for name in sorted(boards):
            before = states[name].before
            got, run = states[name].look(database), database.rows(LAST_RUN % name)[0]
            what = "%s on %s: %s" % (name, date, run)
            if date not in boards[name] or (name, date) in flattened:
                eq(run[0], "gone" if date not in boards[name] else "drifted", what)
                eq(states[name].before, before, what)
                continue
            eq(got, rows[name, date], what)
            eq(run[:7], ["ok"] + got[:6], what)
            seen += 1
    eq(seen, len(rows), "rows compared")
    print("table: time-lapse: %d of %d rows equal, %d drifted" % (seen, len(rows), len(flattened)))


rig.main()
