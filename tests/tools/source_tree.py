"""What the structural checks share: the project's files, reporting, and proving that a check can fail."""
import pathlib
import sys
import tempfile

FOLDERS = ("app", "core", "widgets", "firmware", "tests", "resources", ".ci")
TOP = ("CMakeLists.txt", "CMakePresets.json", "README.md", "CHANGELOG.md", "run", "check", ".gitignore",
       ".clang-format", ".clang-tidy")


def files(root, folders=FOLDERS, suffixes=None):
    """Files below the given folders (and the known ones at the top), sorted, as paths relative to root."""
    root = pathlib.Path(root)
    found = [root / name for name in TOP if (root / name).is_file()] if folders is FOLDERS else []
    for folder in folders:
        found += [path for path in (root / folder).rglob("*") if path.is_file()]
    return sorted(path.relative_to(root) for path in found
                  if (suffixes is None or path.suffix in suffixes) and "__pycache__" not in path.parts)


def main(check, bad_trees, good_tree):
    """`script ROOT ...` checks a tree; `script --self-test ROOT ...` runs the check on trees that break each rule.

    check(root, arguments) gives the violations, one sentence each. bad_trees: file name -> text, each one must be
    refused; good_tree must pass."""
    self_test = sys.argv[1] == "--self-test"
    arguments = sys.argv[2:] if self_test else sys.argv[1:]
    if not self_test:
        problems = check(pathlib.Path(arguments[0]), arguments[1:])
        print("\n".join(problems) if problems else "nothing to complain about")
        return 1 if problems else 0
    failures = 0
    for tree, must_fail in [(good_tree, False)] + [(tree, True) for tree in bad_trees]:
        with tempfile.TemporaryDirectory() as folder:
            for name, text in tree.items():
                path = pathlib.Path(folder, name)
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_bytes(text if isinstance(text, bytes) else text.encode())
            problems = check(pathlib.Path(folder), arguments[1:])
        if bool(problems) != must_fail:
            failures += 1
            print(f"{'not noticed' if must_fail else 'refused wrongly'}: {tree} {problems}")
    print(f"{failures} wrong of {1 + len(bad_trees)} trees")
    return 1 if failures else 0
