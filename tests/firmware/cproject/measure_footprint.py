#!/usr/bin/env python3
"""Writes core/analysis/runtime_footprint_data.h: code and stack of exported C projects, by kernel.

measure_footprint.py PROJECT [--write]
PROJECT: what the program write_all_kernels wrote. Compiles it for Cortex-M4 and M7 with its own flags and follows the relocations from section to
section, as the linker's --gc-sections does. Without --write the table is printed."""
import argparse
import collections
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
KINDS = ["conv", "depthwise", "pointwise", "pair", "dense", "add", "mul", "mean", "softmax"]
# Constants, records and tables that other figures count, and what is no part of a product.
ELSEWHERE = re.compile(r"^\.rodata\.model_(k|call)_|^\.rodata\.model_steps$|^\.bss|^\.data")

LINKER_SYMBOLS = {"__stack_top", "__data_source", "__data_start", "__data_end", "__bss_start", "__bss_end"}


def tool(name, *arguments):
    return subprocess.run([f"arm-none-eabi-{name}", *map(str, arguments)], check=True, capture_output=True,
                          text=True).stdout


def flags(project, name):
    text = (project / "kernels/ak_flags.cmake").read_text(encoding="utf-8")
    return re.search(rf"^set\({name} (.*)\)$", text, re.MULTILINE)[1].split()


def compile_all(project, core, folder):
    """Objects of a product with their call graphs (.ci)."""
    sources = [p for p in project.glob("*.c") if p.name != "model_weights.c"]
    sources += [*project.glob("kernels/*.c"), project / "boards/startup.c", project / "model_weights.c"]
    objects = []
    for source in sources:
        objects.append(folder / f"{source.stem}.o")
        tool("gcc", *flags(project, "AK_FLAGS"), *flags(project, f"AK_FLAGS_{core}"), f"-I{project}",
             f"-I{project}/kernels", "-fcallgraph-info=su", "-c", source, "-o", objects[-1])
    return objects


class Sections:
    """Sections of all objects by (object, name): sizes and the sections they refer to."""

    def __init__(self, objects):
        self.size, self.refers, self.home = {}, collections.defaultdict(set), {}
        local, wanted = {}, collections.defaultdict(set)
        for obj in objects:
            names = {}
            for line in tool("readelf", "-SW", obj).splitlines():
                m = re.match(r"\s*\[\s*(\d+)\]\s+(\S+)\s+\S+\s+\S+\s+\S+\s+([0-9a-f]+)\s+\S+\s+(\S*)", line)
                if m and "A" in m[4]:
                    names[m[1]] = (obj.stem, m[2])
                    self.size[obj.stem, m[2]] = int(m[3], 16)
            for line in tool("readelf", "-sW", obj).splitlines():
                words = line.split()
                if len(words) < 7 or words[6] not in names:
                    continue
                name = words[7] if len(words) > 7 else ""
                section = names[words[6]]
                local[obj.stem, name or section[1]] = section
                if words[4] in ("GLOBAL", "WEAK"):
                    self.home[name] = section
            source = None
            for line in tool("readelf", "-rW", obj).splitlines():
                if m := re.match(r"Relocation section '\.rela?(\S+)'", line):
                    source = (obj.stem, m[1])
                elif re.match(r"[0-9a-f]{8}", line) and source in self.size:
                    wanted[source].add((obj.stem, line.split()[4]))
        for source, symbols in wanted.items():
            for obj, symbol in symbols:
                place = local.get((obj, symbol)) or local.get((obj, symbol.split("+")[0])) or self.home.get(symbol)
                if place or symbol not in LINKER_SYMBOLS:
                    self.refers[source].add(place or ("library", symbol))

    def reachable(self, starts, stop=lambda section: False):
        found, open_ = set(), list(starts)
        while open_:
            section = open_.pop()
            if section in found or stop(section):
                continue
            found.add(section)
            open_ += self.refers[section]
        return found


def library_bytes(project, core, symbol, folder):
    """What a function of the compiler's library brings; what two of them share counts twice."""
    sizes = []
    for use in ("0", symbol):
        source, elf = folder / "probe.c", folder / "probe.elf"
        source.write_text(f"void {symbol}(void); void (*volatile p)(void);\n"
                          f"void Reset_Handler(void) {{ p = {use}; }}\n", encoding="utf-8")
        tool("gcc", *flags(project, f"AK_FLAGS_{core}"), *flags(project, "AK_LINK_FLAGS"), "-w", "-e",
             "Reset_Handler", source, "-o", elf)
        sizes.append(int(tool("size", elf).splitlines()[1].split()[0]))
    return sizes[1] - sizes[0]


def stacks(folder):
    """Deepest stack below each function, by the compiler's call graphs; calls through pointers count as nothing."""
    own, calls = {}, collections.defaultdict(set)
    for graph in folder.glob("*.ci"):
        text = graph.read_text(encoding="utf-8")
        for m in re.finditer(r'node: \{ title: "([^"]+)" label: "[^"]*?(\d+) bytes \((static|dynamic[^)]*)\)', text):
            own[m[1]] = int(m[2])
            if m[3] != "static":
                print(f"{m[1]} has a stack of unknown size", file=sys.stderr)
        for m in re.finditer(r'edge: \{ sourcename: "([^"]+)" targetname: "([^"]+)"', text):
            calls[m[1]].add(m[2])

    def depth(function, above=()):
        if function in above or function not in own:
            return 0
        return own[function] + max((depth(c, (*above, function)) for c in calls[function]), default=0)

    return {name.split(":")[-1]: depth(name) for name in own}, {name.split(":")[-1]: own[name] for name in own}


def measure(project, core):
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        sections = Sections(compile_all(project, core, folder))
        depth, own = stacks(folder)
        for section in sections.reachable([sections.home["Reset_Handler"]]):
            if section[0] == "library":
                sections.size[section] = library_bytes(project, core, section[1], folder)
    steps = ("model", ".rodata.model_steps")
    assert steps in sections.size, "the project is not one of ours"
    counted = lambda found: {s for s in found if not ELSEWHERE.match(s[1])}
    start = [sections.home["Reset_Handler"], ("startup", ".vectors")]
    base = counted(sections.reachable(start, lambda s: s == steps))
    pieces = collections.defaultdict(int)
    for bit, kind in enumerate(KINDS):
        for section in counted(sections.reachable([("model", f".text.model_{kind}")])) - base:
            pieces[section] |= 1 << bit
    code = collections.Counter()
    for section, users in pieces.items():
        code[users] += sections.size[section] + 3 & ~3
    print(f"{core}: start-up and run {sum(sections.size[s] for s in base)}, kernels {sum(code.values())}",
          file=sys.stderr)
    for section, users in sorted(pieces.items(), key=lambda p: -sections.size[p[0]]):
        print(f"  {sections.size[section]:6} {section[1]} {[k for b, k in enumerate(KINDS) if users >> b & 1]}",
              file=sys.stderr)
    stack = {kind: depth[f"model_{kind}"] for kind in KINDS}
    return sum(sections.size[s] + 3 & ~3 for s in base), dict(sorted(code.items())), own["model_run"], stack


def table(project):
    cores = [measure(project, core) for core in ("M4", "M7")]
    most = lambda values: max(values)  # the two cores' code is a little different
    lines = ["#pragma once", "", "// Written by tests/firmware/cproject/measure_footprint.py: do not edit. The larger one of",
             "// Cortex-M4 and M7, " + tool("gcc", "--version").splitlines()[0] + ".", "",
             "namespace atomnet::footprint", "{", "",
             "/// Code that several kinds of calls may share.", "struct Piece {",
             "    unsigned users; ///< bits: " + ", ".join(KINDS), "    int bytes;", "};",
             "inline constexpr Piece pieces[] = {"]
    for users in sorted(set().union(*(code for _, code, _, _ in cores))):
        lines.append(f"    {{0x{users:03x}, {most(code.get(users, 0) for _, code, _, _ in cores)}}},")
    lines += ["};", "/// Start-up, vectors, run and the smallest main.",
              f"inline constexpr int baseCode = {most(c[0] for c in cores)};",
              f"inline constexpr int runStack = {most(c[2] for c in cores)};",
              "/// Below run, by kind in the order of the bits.",
              "inline constexpr int stack[] = {" + ", ".join(str(most(c[3][kind] for c in cores)) for kind in KINDS) + "};",
              "", "} // namespace atomnet::footprint", ""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("project", type=pathlib.Path)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    text = table(options.project.resolve())
    if options.write:
        header = ROOT / "core/analysis/runtime_footprint_data.h"
        header.write_text(text, encoding="utf-8")
        subprocess.run(["clang-format", "-i", header], check=False)
    else:
        print(text)


if __name__ == "__main__":
    main()
