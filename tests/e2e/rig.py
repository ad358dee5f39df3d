"""What the end-to-end tests share: a folder of its own for each test, the
sample boards, a mailbox, the real binary with a real PostgreSQL cluster.

A test file defines functions test_*(rig) and ends with rig.main(). The last
line printed is "N passed, N failed" (", N skipped")."""
import contextlib
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import traceback

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
BUILD = os.path.join(TOP, os.environ.get("BUILD", "build"))
CAREERD = os.path.join(BUILD, "careerd")
BOARD = os.path.join(TOP, "tests", "board")
PYTHON = "/usr/bin/python3"
SHARED = os.environ.get("CAREERD_SHARED", os.path.join(os.path.dirname(TOP), "shared"))

USER = """
user:
  email: ada@example.org
  name: Ada
  time_zone: Europe/Berlin
  skills: [C, Linux, PostgreSQL, gdb, Git, Python]
  locations: [Berlin, Hamburg, remote]
  experience: mid
  salary: { min: 65000, currency: EUR, per: year }
  briefing: 08:00
"""


class Skip(Exception):
    pass


class Rig:
    template = None  # a new database, made once and copied for each test

    def __init__(self, name):
        self.folder = tempfile.mkdtemp(prefix="careerd-%s-" % name.replace("test_", "")[:20])
        self.processes = []
        self.env = {
            "PATH": os.environ["PATH"],
            "HOME": self.folder,
            "LC_ALL": "C.UTF-8",
            "STATE_DIRECTORY": self.path("state"),
            "RUNTIME_DIRECTORY": self.path("run"),
        }
        for folder in ("state", "run", "mail"):
            os.mkdir(self.path(folder))
        self.config = self.path("careerd.yaml")

    def with_database(self):
        """Start from a copy: making a cluster anew takes seconds each time."""
        if Rig.template is None:
            maker = Rig("template")
            maker.write("careerd.yaml", "sources: {}\n")
            maker.run("migrate", "up", timeout=300)
            Rig.template = maker
        if not Rig.template.holds_database():
            return  # it had to be kept elsewhere: a copy would share it
        os.rmdir(self.path("state"))
        subprocess.run(["cp", "-a", Rig.template.path("state"), self.path("state")], check=True)

    def holds_database(self):
        """Does the database lie in our folder, or where root put it?"""
        return any("PG_VERSION" in files for _, _, files in os.walk(self.path("state")))

    def path(self, *names):
        return os.path.join(self.folder, *names)

    def write(self, name, text):
        with open(self.path(name), "w", encoding="utf-8") as file:
            file.write(text)
        return self.path(name)

    def start(self, *command, **how):
        process = subprocess.Popen(command, env=how.pop("env", self.env), **how)
        self.processes.append(process)
        return process

    def server(self, script, *arguments):
        """A script of ours that writes its port once it listens."""
        port_file = self.path(os.path.basename(script) + ".port")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(port_file)
        log = open(self.path(os.path.basename(script) + ".log"), "w")
        process = self.start(
            PYTHON, "-B", script, *arguments, "--port-file", port_file, stdout=log, stderr=log
        )
        wait(lambda: os.path.exists(port_file), 20, "%s to listen" % script)
        with open(port_file, encoding="ascii") as file:
            return process, int(file.read())

    def boards(self, *arguments):
        _, port = self.server(
            os.path.join(BOARD, "server.py"), "--today", "2026-11-20", *arguments
        )
        self.base = "http://127.0.0.1:%d" % port
        return self.base

    def mailbox(self):
        _, self.smtp_port = self.server(os.path.join(BOARD, "mailbox.py"), self.path("mail"))
        return self.smtp_port

    def mails(self):
        names = sorted(n for n in os.listdir(self.path("mail")) if n.endswith(".eml"))
        return [self.path("mail", n) for n in names]

    def configure(self, sources, user=USER, more=""):
        text = user + "\nsources:" + (sources or " {}") + "\n" + more
        if getattr(self, "smtp_port", None) and "mail:" not in more:
            text += (
                "mail:\n  from: Career Copilot <jobs@example.org>\n"
                "  smtp: smtp://127.0.0.1:%d\n" % self.smtp_port
            )
        return self.write("careerd.yaml", text)

    def sample_sources(self):
        source = os.path.join(BOARD, "sources")
        b = self.base
        return (
            '\n  %s/greenhouse-sample.yaml: { base: "%s", board: [lumenworks, northgate] }'
            '\n  %s/lever-sample.yaml: { base: "%s", site: [tarnbank, hollowell] }'
            '\n  %s/feed-sample.yaml: { base: "%s" }'
            '\n  %s/list-sample.yaml: { base: "%s" }'
            '\n  %s/careers-sample.yaml: { base: "%s" }' % (source, b, source, b, source, b, source, b, source, b)
        )

    def run(self, *arguments, timeout=120, check=True, stdin=None):
        done = subprocess.run(
            [CAREERD, "-c", self.config, *arguments],
            env=self.env,
            input=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=timeout,
            text=True,
            errors="replace",
        )
        if check and done.returncode != 0:
            raise AssertionError(
                "careerd %s ended with %d\n%s\n%s"
                % (" ".join(arguments), done.returncode, done.stdout[-3000:], done.stderr[-3000:])
            )
        return done

    def rows(self, *arguments):
        """What a listing prints with --json: one object a line."""
        out = self.run(*arguments, "--json").stdout
        return [json.loads(line) for line in out.splitlines() if line.strip()]

    def sql(self, statement):
        out = self.run("psql", "--", "-XAtqc", statement).stdout
        return out.strip()

    def count(self, statement):
        """The number that a statement gives; 0 while it cannot be asked."""
        done = self.run("psql", "--", "-XAtqc", statement, check=False)
        text = done.stdout.strip()
        return int(text) if done.returncode == 0 and text.isdigit() else 0

    def serve(self, **how):
        """careerd serve, until it says READY."""
        notify = self.path("notify")
        with contextlib.suppress(FileNotFoundError):
            os.unlink(notify)
        listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        listener.bind(notify)
        listener.settimeout(60)
        self.log = open(self.path("serve.log"), "a")
        process = self.start(
            CAREERD, "-c", self.config, "serve",
            env=dict(self.env, NOTIFY_SOCKET=notify),
            stdout=self.log, stderr=self.log, **how,
        )  # fmt: skip
        while True:
            if b"READY=1" in listener.recv(4096):
                break
        self.notify = listener
        return process

    def log_text(self):
        with open(self.path("serve.log"), encoding="utf-8", errors="replace") as file:
            return file.read()

    def end(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                process.terminate()
        for process in self.processes:
            try:
                process.wait(40)
            except subprocess.TimeoutExpired:
                process.kill()
        for pid in self.leftovers():
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        shutil.rmtree(self.folder, ignore_errors=True)

    def leftovers(self):
        """Processes whose environment names our folder."""
        found = []
        for name in os.listdir("/proc"):
            if not name.isdigit() or int(name) == os.getpid():
                continue
            with contextlib.suppress(OSError):
                with open("/proc/%s/environ" % name, "rb") as file:
                    if self.folder.encode() in file.read():
                        found.append(int(name))
        return found


def wait(ready, seconds, what):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if ready():
            return
        time.sleep(0.05)
    raise AssertionError("waited %g s for %s" % (seconds, what))


def eq(got, want, what=""):
    if got != want:
        raise AssertionError("%s: got %r, want %r" % (what or "value", got, want))


def has(text, part):
    if part not in text:
        raise AssertionError("no %r in:\n%s" % (part, text[-4000:]))


def main():
    module = sys.modules["__main__"]
    wanted = sys.argv[1:]
    counts = [0, 0, 0]
    for name in [n for n in vars(module) if n.startswith("test_")]:
        if wanted and name not in wanted:
            continue
        rig = Rig(name)
        try:
            if getattr(module, "NEEDS_DATABASE", True):
                rig.with_database()
            getattr(module, name)(rig)
            counts[0] += 1
        except Skip as why:
            print("skipped: %s: %s" % (name, why))
            counts[2] += 1
        except Exception:
            print("FAIL %s" % name)
            traceback.print_exc(file=sys.stdout)
            counts[1] += 1
        finally:
            rig.end()
        sys.stdout.flush()
    if Rig.template is not None:
        Rig.template.end()
    closing = "%d passed, %d failed" % (counts[0], counts[1])
    print(closing + (", %d skipped" % counts[2] if counts[2] else ""))
    sys.exit(1 if counts[1] else 0)
