#!/usr/bin/env python3
"""Shows what differs between the threads and the processes of a scenario, and quotes it in its README.

    diff_variants.py [NAME ...]            the whole difference of the two lib.rs, as `diff -u` shows it
    diff_variants.py [NAME ...] --splice   writes the quotation into crates/NAME/README.md, at its markers
    diff_variants.py [NAME ...] --check    says whether the quotations are up to date; exit status 1 if not

Without NAME: every scenario. The quotation is of the functions that both files have by the same name, or of those of
them that the first marker names (`<!-- diff:begin run -->`): all the rest (imports, the types of one model) would make
it a second copy of both files.
"""

import argparse
import difflib
import re
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
MARKED = re.compile(r"<!-- diff:begin([ \w]*) -->\n(.*?)<!-- diff:end -->", re.DOTALL)
HEAD = re.compile(r"(?:pub )?fn (\w+)")


def scenarios():
    """The names of all folders that have a scenario.toml."""
    return sorted(path.parent.name for path in ROOT.glob("crates/*/scenario.toml"))


def sources(name):
    """Where the two variants stand, and their text."""
    files = ["crates/%s/%s/src/lib.rs" % (name, model) for model in ("threads", "processes")]
    return [(file, (ROOT / file).read_text(encoding="utf-8")) for file in files]


def functions(text):
    """The functions of a file by name, in their order, as lists of lines, without documentation and attributes."""
    found, name = {}, None
    for line in text.splitlines():
        head = HEAD.match(line)
        if head:
            name = head.group(1)
            found[name] = []
        if name:
            found[name].append(line)
        # A function that begins at the margin ends with the first brace that closes there: rustfmt sees to that.
        if line == "}":
            name = None
    return found


def whole(name):
    """The difference of both files, as a list of lines."""
    (threads, old), (processes, new) = sources(name)
    return list(difflib.unified_diff(old.splitlines(), new.splitlines(), threads, processes, lineterm=""))


def quotation(name, wanted):
    """What stands between the markers: one hunk for each function that is wanted, or that both have, and that differs."""
    (threads, old), (processes, new) = sources(name)
    ours, theirs = functions(old), functions(new)
    for function in wanted:
        if function not in ours or function not in theirs:
            raise ValueError("crates/%s/README.md: not in both %s and %s: fn %s" % (name, threads, processes, function))
    lines = ["--- " + threads, "+++ " + processes]
    for function in wanted or [function for function in ours if function in theirs]:
        old_lines, new_lines = ours[function], theirs[function]
        # All of the function is context; the head that difflib makes counts lines that are not those of the file.
        shown = list(difflib.unified_diff(old_lines, new_lines, lineterm="", n=len(old_lines)))[3:]
        if shown:
            lines += ["@@ fn %s @@" % function] + [line.rstrip() for line in shown]
    if len(lines) == 2:
        raise ValueError("%s and %s have no function of the same name that differs" % (threads, processes))
    return "\n".join(["```diff"] + lines + ["```"])


def spliced(name, text):
    """The README with its quotation as it should be."""
    marked = MARKED.findall(text)
    if len(marked) != 1:
        raise ValueError("crates/%s/README.md: needs <!-- diff:begin --> and <!-- diff:end --> on lines of their own, "
                         "once each" % name)
    words = marked[0][0]
    block = "<!-- diff:begin%s -->\n\n%s\n\n<!-- diff:end -->" % (words, quotation(name, words.split()))
    return MARKED.sub(lambda _: block, text)


def renew(name, check):
    """Writes the quotation of a scenario, or says whether it is up to date."""
    readme = ROOT / "crates" / name / "README.md"
    text = readme.read_text(encoding="utf-8")
    renewed = spliced(name, text)
    if renewed == text:
        return True
    if check:
        print("crates/%s/README.md: not what the variants differ by now: run scripts/diff_variants.py %s --splice"
              % (name, name), file=sys.stderr)
        return False
    readme.write_text(renewed, encoding="utf-8")
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="a scenario; without: all of them")
    group = parser.add_mutually_exclusive_group()
    group.add_argument("--splice", action="store_true", help="write it into the README")
    group.add_argument("--check", action="store_true", help="exit with 1 if a README is not up to date")
    args = parser.parse_args()
    known = scenarios()
    for name in args.names:
        if name not in known:
            parser.error("no scenario %s: there are %s" % (name, ", ".join(known)))
    names = args.names or known
    if not (args.splice or args.check):
        for name in names:
            print("\n".join(whole(name)))
        return 0
    try:
        # A list, so that all are looked at, also after one that is not up to date.
        return 0 if all([renew(name, args.check) for name in names]) else 1
    except (OSError, ValueError) as error:
        print("diff_variants.py: %s" % error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main())
