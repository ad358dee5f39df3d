#!/usr/bin/python3 -B
"""Everything that can be typed or written is documented: commands, verbs,
options of the command line, keys of careerd.yaml; and what the README tells
people to run exists."""
import os
import re
import subprocess

import rig
from rig import eq, has

NEEDS_DATABASE = False


def careerd(*arguments):
    done = subprocess.run([rig.CAREERD, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    return done.returncode, done.stdout, done.stderr


def commands():
    """Names of the table in main.c."""
    with open(os.path.join(rig.TOP, "src", "main.c"), encoding="utf-8") as file:
        return re.findall(r"&cmd_(\w+)", file.read())


def verbs(name):
    """Verbs and options in the tables of a command's file."""
    with open(os.path.join(rig.TOP, "src", "cmd", name + ".c"), encoding="utf-8") as file:
        text = file.read()
    table = text[text.rindex("static const struct cmd_verb verbs[]"):]
    return re.findall(r'\{\s*"([a-z]+)",', table), re.findall(r'\{ "(--[a-z-]+)"', text)


def test_every_command_is_documented(_r):
    _, overview, _ = careerd("help")
    _, manual, _ = careerd("help", "--man")
    for name in commands():
        has(overview, name)
        code, text, _ = careerd("help", name)
        eq(code, 0, "help " + name)
        has(manual.replace("\\-", "-"), name)
        names, options = verbs(name)
        for verb in names:
            has(text, verb)
            has(manual.replace("\\-", "-"), verb)
        for option in options:
            _, each, _ = careerd("help", name, *names[:0])
            pages = each + "".join(careerd("help", name, v)[1] for v in names)
            has(pages, option)


def test_every_key_is_documented(_r):
    with open(os.path.join(rig.TOP, "src", "conf", "options.def"), encoding="utf-8") as file:
        keys = re.findall(r'\bX\w*\(\s*"?([a-z_.]+)"?,', file.read())
    if len(keys) < 10:
        raise AssertionError("only %d keys were found" % len(keys))
    _, manual, _ = careerd("help", "--man", "careerd.yaml")
    _, sample, _ = careerd("config", "sample")
    for key in keys:
        has(manual.replace("\\-", "-"), key.split(".")[-1])
        has(sample, key.split(".")[-1])


def test_sample_is_right(r):
    _, sample, _ = careerd("config", "sample")
    path = r.write("sample.yaml", sample)
    code, _, faults = careerd("-c", path, "config", "check")
    eq((code, faults), (0, ""), "config check of config sample")


def test_shipped_sources_are_right(_r):
    folder = os.path.join(rig.TOP, "scrapers")
    files = [os.path.join(folder, name) for name in sorted(os.listdir(folder))]
    code, out, faults = careerd("source", "check", *files)
    eq(code, 0, out + faults)


def test_readme_names_what_exists(_r):
    with open(os.path.join(rig.TOP, "README.md"), encoding="utf-8") as file:
        text = file.read()
    names = commands()
    for command, verb in re.findall(r"careerd(?: -c \S+)? ([a-z]+)(?: ([a-z]+))?", text):
        if command not in names:
            continue
        known, _ = verbs(command)
        if verb and known and verb not in known and command not in ("help", "search"):
            raise AssertionError("README: careerd %s has no %s" % (command, verb))
    for target in re.findall(r"`make ([a-z-]+)`|^    make ([a-z-]+)$", text, re.M):
        name = target[0] or target[1]
        with open(os.path.join(rig.TOP, "Makefile"), encoding="utf-8") as file:
            has(file.read(), "\n%s:" % name)


def test_wrong_words_get_a_suggestion(_r):
    code, _, said = careerd("statsu")
    eq(code, 64)
    has(said, "status")
    code, _, said = careerd("job", "lits")
    eq(code, 64)
    has(said, "list")
    code, _, said = careerd("try", "dat")
    eq(code, 64)
    has(said, "date")


rig.main()
