#!/usr/bin/env python3
"""A type's name stands for one type: two libraries with a struct of one name each link into one program without a word,
and the linker keeps one copy of what the compiler made of both. names_check.py [--self-test] ROOT"""
import collections
import re
import sys

import source_tree

DEFINITION = re.compile(r"^(?:struct|class|enum class|enum)\s+(\w+)(?:\s+final)?(?:\s*:[^:;{][^;{]*)?\s*\{", re.MULTILINE)


def check(root, _):
    places = collections.defaultdict(list)
    for path in source_tree.files(root, ("app", "core", "widgets"), {".h"}):
        for name in DEFINITION.findall((root / path).read_text(encoding="utf-8")):
            places[name].append(path.as_posix())
    return [f"{name} is defined in {' and in '.join(found)}; give one of them a name of its own"
            for name, found in sorted(places.items()) if len(found) > 1]


GOOD = {"core/a/a.h": "struct A {\n};\nclass B;\nstruct C::D {\n};\nenum class E : int {\n};",
        "app/b.h": "struct C::D {\n};\nclass B\n{\n};\nstruct A;"}
BAD = [{"core/a/a.h": "struct A {\n};", "widgets/b/b.h": "struct A {\n};"},
       {"core/a/a.h": "class A\n{\n};", "app/b.h": "class A final : public B\n{\n};"},
       {"core/a/a.h": "enum class A : int {\n};", "core/b/b.h": "struct A {\n};"}]
if __name__ == "__main__":
    sys.exit(source_tree.main(check, BAD, GOOD))
