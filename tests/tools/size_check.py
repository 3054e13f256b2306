#!/usr/bin/env python3
"""A source file over 600 lines does too many things. size_check.py [--self-test] ROOT"""
import sys

import source_tree

LIMIT = 600
SUFFIXES = {".h", ".c", ".cpp", ".py", ".sh", ".cmake", ".txt", ".ld"}
GENERATED = ()  # paths of files that a tool writes


def check(root, _):
    problems = []
    for path in source_tree.files(root):
        if path.suffix not in SUFFIXES or path.as_posix() in GENERATED or "data" in path.parts:
            continue
        lines = (root / path).read_bytes().count(b"\n")
        if lines > LIMIT:
            problems.append(f"{path}: {lines} lines, {LIMIT} are allowed; give each purpose its own file")
    return problems


GOOD = {"core/base/a.cpp": "\n" * LIMIT, "tests/data/a.txt": "\n" * 5000, "resources/a.json": "\n" * 5000}
BAD = [{"core/base/a.cpp": "\n" * (LIMIT + 1)}, {"CMakeLists.txt": "\n" * 700}, {"tests/tools/a.py": "\n" * 700}]
if __name__ == "__main__":
    sys.exit(source_tree.main(check, BAD, GOOD))
