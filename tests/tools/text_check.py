#!/usr/bin/env python3
"""Text files end with a line feed, hold no CR, tab-free sources and no notes to ourselves.
text_check.py [--self-test] ROOT"""
import re
import sys

import source_tree

SOURCES = {".h", ".c", ".cpp", ".py", ".sh", ".cmake", ".md", ".qrc", ".json"}
NOTES = re.compile(rb"\b(TO" rb"DO|FIX" rb"ME|XX" rb"X|HA" rb"CK)\b")


def check(root, _):
    problems = []
    for path in source_tree.files(root):
        if "data" in path.parts:  # input of tests: bad on purpose
            continue
        text = (root / path).read_bytes()
        if b"\0" in text or not text:
            continue
        if b"\r" in text:
            problems.append(f"{path}: holds a carriage return; lines end with LF alone")
        if not text.endswith(b"\n"):
            problems.append(f"{path}: the last line does not end with a line feed")
        if path.suffix in SOURCES and b"\t" in text:
            problems.append(f"{path}:{text[:text.index(bytes([9]))].count(bytes([10])) + 1}: holds a tab")
        for match in NOTES.finditer(text):
            line = text.count(b"\n", 0, match.start()) + 1
            problems.append(f"{path}:{line}: {match.group().decode()} is a thing to do, not to write down")
    return problems


GOOD = {"core/base/a.cpp": "int a;\n", "resources/a.png": b"\x89PNG\r\n\0", "tests/data/a.csv": "a,b\r\nc"}
BAD = [
    {"core/base/a.cpp": "int a;"},
    {"core/base/a.cpp": "int a;\r\n"},
    {"core/base/a.cpp": "\tint a;\n"},
    {"core/base/a.cpp": "// TO" "DO: more\n"},
    {"README.md": "FIX" "ME\n"},
]
if __name__ == "__main__":
    sys.exit(source_tree.main(check, BAD, GOOD))
