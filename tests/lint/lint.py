#!/usr/bin/python3
"""Checks the house's rules over src/ and tests/: who may include whom, which
library headers stand where, lengths, width, banned calls, SQL outside its
room, unfinished work. Prints file:line: text and ends with a count."""
import os
import re
import subprocess
import sys

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))

# room: (rooms it may include, library headers that stand only here)
ROOMS = {
    "base": ([], ["jansson.h"]),
    "msg": (["base"], []),
    "plan": (["base", "msg"], []),
    "match": (["base", "msg"], []),
    "conf": (["base", "msg", "plan"], ["yaml.h"]),
    "proc": (["base", "msg"], ["seccomp.h", "linux/landlock.h"]),
    "hub": (["base", "msg", "conf", "proc"], ["systemd/"]),
    "net": (["base", "msg", "proc"], ["curl/"]),
    "fetch": (["base", "msg", "proc", "net"], []),
    "notify": (["base", "msg", "proc", "net"], []),
    "extract": (["base", "msg", "proc"], ["libxml/", "jansson.h", "pcre2.h"]),
    "store": (["base", "msg", "proc", "plan", "match"], ["libpq-fe.h"]),
}
# one file of base alone may know its library
LIBRARY_FILES = {"jansson.h": ["src/base/json.c"]}
ANY_ROOM = ["cmd", "main.c"]
# cmd prints the versions of all libraries
VERSION_FILE = "src/cmd/version.c"

BANNED = re.compile(
    r"\b(system|popen|strcpy|strcat|sprintf|vsprintf|gets|strtok|atoi|atol|"
    r"atof|sscanf|gmtime|localtime|ctime|asctime|alloca|mktemp|tmpnam)\s*\("
)
UNFINISHED = re.compile(
    r"TODO|FIXME|XXX(?!XXX)|HACK|not implemented|unimplemented|placeholder", re.I
)
SQL = re.compile(r'"\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|CREATE TABLE)\s', re.I)

FUNCTION_MAX, FILE_MAX, WIDTH_MAX, PARAMETERS_MAX = 100, 800, 80, 8

found = []


def fault(path, line, text):
    found.append("%s:%d: %s" % (path, line, text))


def strip(text):
    """Comments and the inside of literals blanked, lines kept."""

    def blank(match):
        word = match.group(0)
        if word[0] in "\"'":
            return word[0] + " " * (len(word) - 2) + word[-1]
        return re.sub(r"[^\n]", " ", word)

    return re.sub(
        r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'',
        blank,
        text,
        flags=re.S,
    )


def room_of(path):
    parts = path.split("/")
    return parts[1] if len(parts) > 2 else parts[-1]


def check_includes(path, number, name):
    room = room_of(path)
    owner = name.split("/")[0]
    if owner in ROOMS and "/" in name or owner == "cmd":
        if room in ANY_ROOM or owner == room:
            return
        if owner not in ROOMS.get(room, ([],))[0]:
            fault(path, number, "room %s may not include %s" % (room, name))
        elif name.endswith("_int.h"):
            fault(path, number, "%s is private to its room" % name)
        return
    homes = [
        home
        for home, (_, libraries) in ROOMS.items()
        for library in libraries
        if name.startswith(library)
    ]
    if not homes or path == VERSION_FILE:
        return
    if room not in homes:
        fault(path, number, "%s belongs in %s only" % (name, " or ".join(homes)))
    elif room == "base" and path not in LIBRARY_FILES.get(name, [path]):
        fault(path, number, "%s belongs in json.c only" % name)


def check_functions(path, lines):
    start, head = None, ""
    for number, line in enumerate(lines, 1):
        if line.startswith("{"):
            start = number
            head = ""
            back = number - 2
            while back >= 0 and lines[back].strip() and lines[back][0] not in "}#{;":
                head = lines[back] + " " + head
                back -= 1
            check_parameters(path, number, head)
        elif line.startswith("}") and start is not None:
            if number - start > FUNCTION_MAX:
                name = re.search(r"(\w+)\s*\(", head)
                fault(
                    path,
                    start,
                    "function %s has %d lines, %d are allowed"
                    % (name.group(1) if name else "?", number - start, FUNCTION_MAX),
                )
            start = None


def check_parameters(path, number, head):
    inside = re.search(r"\((.*)\)\s*$", head.strip())
    if not inside:
        return
    depth, count = 0, 1
    for char in inside.group(1):
        depth += (char == "(") - (char == ")")
        count += char == "," and depth == 0
    if count > PARAMETERS_MAX:
        fault(path, number, "%d parameters, %d are allowed" % (count, PARAMETERS_MAX))


def check_file(path):
    with open(os.path.join(TOP, path), encoding="utf-8") as file:
        text = file.read()
    lines, code = text.split("\n"), strip(text).split("\n")
    in_src = path.startswith("src/")
    for number, (line, bare) in enumerate(zip(lines, code), 1):
        include = re.match(r'\s*#\s*include\s*[<"]([^>"]+)[>"]', line)
        if include and in_src:
            check_includes(path, number, include.group(1))
        if len(line.expandtabs(8)) > WIDTH_MAX and not re.search(r'"[^"]*$|https?://', line[:81]):
            fault(path, number, "line is %d columns wide" % len(line.expandtabs(8)))
        if not in_src:
            continue
        banned = BANNED.search(bare)
        if banned and not re.search(r"\b\w+_%s" % banned.group(1), bare):
            fault(path, number, "%s() is banned" % banned.group(1))
        if UNFINISHED.search(line):
            fault(path, number, "unfinished work: %s" % line.strip())
        if SQL.search(line) and room_of(path) != "store":
            fault(path, number, "SQL belongs in src/store only")
    if path.endswith(".c"):
        check_functions(path, code)
    if len(lines) > FILE_MAX:
        fault(path, 1, "file has %d lines, %d are allowed" % (len(lines), FILE_MAX))


def check_sql():
    for name in sorted(os.listdir(os.path.join(TOP, "sql"))):
        with open(os.path.join(TOP, "sql", name), encoding="utf-8") as file:
            for number, line in enumerate(file, 1):
                bare = line.split("--")[0]
                if re.search(r"\bnow\s*\(\)|current_timestamp", bare, re.I):
                    fault("sql/" + name, number, "the clock is careerd.clock()")
        pair = name.replace(".up.", ".down.") if ".up." in name else name.replace(".down.", ".up.")
        if not os.path.exists(os.path.join(TOP, "sql", pair)):
            fault("sql/" + name, 1, "its pair %s is missing" % pair)


def tracked():
    out = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard"], cwd=TOP, stdout=subprocess.PIPE, text=True, check=True
    ).stdout
    return [p for p in out.split("\n") if p and os.path.exists(os.path.join(TOP, p))]


def check_top(paths):
    allowed = "Makefile src scrapers templates sql systemd tests README.md LICENSE CHANGELOG.md".split()
    for name in sorted({p.split("/")[0] for p in paths}):
        if name not in allowed and not name.startswith("."):
            fault(name, 1, "does not belong at the top level")


def main():
    paths = tracked()
    for path in paths:
        if path.endswith((".c", ".h")) and path.startswith(("src/", "tests/")):
            check_file(path)
    check_sql()
    check_top(paths)
    print("\n".join(found) if found else "lint: no faults")
    return 1 if found else 0


sys.exit(main())
