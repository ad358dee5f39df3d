"""What the measurements of extraction share: the labelled data, the binary,
and precision and recall as a table.

The data lie outside the tree, in CAREERD_SHARED (default: ../shared beside
it). Each measurement prints lines that begin with "eval:"; with -v also what
was wrong. It has no bar to pass: tests/unit holds what must not break."""
import json
import os
import subprocess
import sys
import tempfile

TOP = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CAREERD = os.path.join(TOP, os.environ.get("BUILD", "build"), "careerd")
SHARED = os.environ.get("CAREERD_SHARED", os.path.join(os.path.dirname(TOP), "shared"))
LABELLED = os.path.join(SHARED, "corpus", "labelled")
VERBOSE = "-v" in sys.argv


def find(name):
    """The folders of a labelled set, or the end of the program."""
    folder = os.path.join(LABELLED, name)
    if not os.path.isdir(folder):
        print("skipped: no labelled data at %s (CAREERD_SHARED)" % LABELLED)
        sys.exit(0)
    return folder


def files(name, ending):
    found = []
    for folder, _, names in os.walk(find(name)):
        found += [os.path.join(folder, n) for n in names]
    return sorted(path for path in found if path.endswith(ending))


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file if line.strip()]


def ask(kind, questions):
    """The answers of "careerd try KIND", one for each question."""
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "careerd.yaml")
        open(config, "w").close()
        done = subprocess.run(
            [CAREERD, "-c", config, "try", kind],
            input="".join(json.dumps(q) + "\n" for q in questions),
            stdout=subprocess.PIPE, text=True, check=True,
            env={"PATH": os.environ["PATH"], "HOME": folder, "STATE_DIRECTORY": folder, "RUNTIME_DIRECTORY": folder},
        )  # fmt: skip
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(answers) == len(questions)
    return [a.get("result") for a in answers]


class Tally:
    """Precision: of what was found, how much is right. Recall: of what is
    there, how much was found right. A wrong value counts against both."""

    def __init__(self, name):
        self.name = name
        self.right = self.found = self.there = self.all = 0

    def add(self, got, want, is_same=None, what=""):
        same = got is not None and want is not None and (is_same(got, want) if is_same else got == want)
        self.all += 1
        self.found += got is not None
        self.there += want is not None
        self.right += same
        if VERBOSE and not same and (got is not None or want is not None):
            print("%s: got %s, not %s: %s" % (self.name, got, want, what))

    def show(self):
        print(
            "eval: %-28s %5d texts %5d labelled   precision %5.1f %%   recall %5.1f %%"
            % (
                self.name, self.all, self.there,
                100 * self.right / self.found if self.found else 0,
                100 * self.right / self.there if self.there else 0,
            )
        )  # fmt: skip
