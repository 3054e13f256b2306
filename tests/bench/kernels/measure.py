#!/usr/bin/env python3
"""Executed instructions and estimated cycles of the kernels on QEMU's Cortex-M4 and M7, as one JSON object.

Instructions are exact, LDM, LDRD and the like counted once. Cycles are an estimate for a Cortex-M4 whose memories do not
wait, from the counts of each instruction and the timings of Arm's reference manual (DDI 0439, table 3-1); there is no
such table for the Cortex-M7. They are null when QEMU takes no plugins."""
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parents[2]
sys.path.insert(0, str(ROOT / "tests/firmware/qemu"))
sys.dont_write_bytecode = True
import rig  # noqa: E402

REFILL = 2  # of the pipeline, by a taken branch: 1 to 3
LOADS_AND_STORES = re.compile(r"(ldr|str)(s?[bh])?(\.w|\.n)?$")
LISTED = re.compile(r"(ldm|stm|push|pop)")
BRANCH = re.compile(r"(b|bl|bx|blx|cbz|cbnz)(eq|ne|cs|cc|mi|pl|vs|vc|hi|ls|ge|lt|gt|le)?(\.n|\.w)?$")


def run(*command):
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


def registers(operands):
    """How many a list such as {r4, r5, r6-r8} names."""
    names = operands[operands.index("{") + 1:operands.index("}")].split(",")
    count = 0
    for name in names:
        first, _, last = name.strip().partition("-")
        count += int(last.lstrip("r")) - int(first.lstrip("r")) + 1 if last else 1
    return count


def disassemble(elf):
    """[(address, function, mnemonic, operands)] in order."""
    function, listing = "", []
    for line in run("arm-none-eabi-objdump", "-d", str(elf)).splitlines():
        if head := re.match(r"[0-9a-f]+ <(.*)>:", line):
            function = head[1]
        elif code := re.match(r"\s*([0-9a-f]+):\t[0-9a-f ]+\t(\S+)\s*(.*)", line):
            listing.append((int(code[1], 16), function, code[2], code[3]))
    return listing


def cycles(listing, counts):
    """Of one row, on a Cortex-M4; see the top."""
    total, behind_access = 0, False
    for i, (address, _, name, operands) in enumerate(listing):
        times = counts.get(address, 0)
        if not times:
            behind_access = False
            continue
        following = counts.get(listing[i + 1][0], 0) if i + 1 < len(listing) else 0
        each, taken = 1, 0
        if BRANCH.match(name):
            always = name.split(".")[0] in ("b", "bl", "bx", "blx")
            taken = times if always else max(0, times - following)
        elif name.startswith(("tbb", "tbh")):
            each, taken = 2, times
        elif name.startswith(("ldrd", "strd")):
            each = 3
        elif LISTED.match(name):
            each = 1 + registers(operands)
            taken = times if "pc" in operands else 0
        elif LOADS_AND_STORES.match(name):
            each = 2 if name.startswith("ldr") and not behind_access else 1  # one behind the other overlap
        elif name.startswith(("sdiv", "udiv")):
            each = 7  # 2 to 12
        behind_access = bool(LOADS_AND_STORES.match(name))
        total += times * each + taken * REFILL
    return total


def plugin(folder):
    """The built plugin, or None."""
    library = folder / "count_pcs.so"
    compiler = shutil.which("cc") or shutil.which("gcc")
    if not compiler:
        return None
    built = subprocess.run([compiler, "-std=c11", "-O2", "-shared", "-fPIC", str(HERE / "count_pcs.c"), "-o",
                            str(library)], capture_output=True, check=False)
    return library if built.returncode == 0 else None


def count_addresses(cpu, elf, library, symbols, folder):
    """For each row {address: executions}, or [] when QEMU takes no plugin."""
    if not library:
        return []
    out = folder / "counts.txt"
    begin, end = symbols["row_begin"][0] & ~1, symbols["row_end"][0] & ~1
    code, _ = rig.emulate(cpu, elf, plugin=f"{library},begin={begin:x},end={end:x},out={out}")
    if code != 0 or not out.exists():
        return []
    pairs = lambda text: (line.split() for line in text.splitlines())
    return [{int(a, 16): int(n) for a, n in pairs(row)} for row in out.read_text().split("row\n")[1:]]


def read_symbols(elf):
    """{name: (address, bytes)} of functions."""
    lines = (line.split() for line in run("arm-none-eabi-nm", "-S", str(elf)).splitlines())
    return {w[3]: (int(w[0], 16), int(w[1], 16)) for w in lines if len(w) == 4 and w[2] in "tT"}


def measure(cpu, folder):
    """(rows, bytes of code by source file of the kernels) of one board."""
    kernels = sorted((ROOT / "firmware/kernels").glob("*.c"))
    elf = folder / f"{cpu}.elf"
    sources = [path for path in sorted(HERE.glob("*.c")) if path.name != "count_pcs.c"]
    if complaints := rig.build(cpu, [*sources, *kernels], elf, includes=[HERE]):
        sys.exit(complaints)
    code, output = rig.emulate(cpu, elf, timeout=600)
    if code != 0:
        sys.exit(f"the board ended with {code}")
    symbols = read_symbols(elf)
    addresses = count_addresses(cpu, elf, plugin(folder), symbols, folder) if cpu == "m4" else []
    listing = disassemble(elf) if addresses else []
    rows = []
    for i, line in enumerate(output.decode().splitlines()):
        name, unit, count, instructions, limit = line.split()
        row = {"name": name, "unit": unit, "count": int(count), "instructions": int(instructions),
               "instructions_per_unit": round(int(instructions) / int(count), 3),
               "limit": int(limit) / 100 if int(limit) else None}
        if cpu == "m4":
            estimate = cycles(listing, addresses[i]) if i < len(addresses) else None
            row["estimated_cycles_per_unit"] = round(estimate / int(count), 3) if estimate else None
        rows.append(row)
    sizes = {}
    for path in kernels:
        one = str(folder / "one.o")
        run("arm-none-eabi-gcc", *rig.flags("AK_FLAGS"), *rig.flags(f"AK_FLAGS_{cpu.upper()}"), f"-I{ROOT}", "-c",
            str(path), "-o", one)
        sizes[path.stem] = int(run("arm-none-eabi-size", one).splitlines()[1].split()[0])  # text
    return rows, sizes


def main():
    if tool := rig.missing_tool():
        print(json.dumps({"bench": "kernels", "skipped": f"{tool} is not installed"}))
        return
    result = {"bench": "kernels"}
    with tempfile.TemporaryDirectory() as name:
        for cpu in ("m4", "m7"):
            rows, sizes = measure(cpu, pathlib.Path(name))
            missed = [row["name"] for row in rows if row["limit"] and row["instructions_per_unit"] > row["limit"]]
            result[cpu] = {"rows": rows, "over_limit": missed, "code_bytes": sizes}
    print(json.dumps(result))


if __name__ == "__main__":
    main()
