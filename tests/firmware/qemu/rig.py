#!/usr/bin/env python3
"""Builds C sources for a Cortex-M and runs them in QEMU, where instructions can be counted.

rig.py m4|m7 [-o ELF] [-I FOLDER]... [-D NAME]... [--arguments TEXT] [--timeout S] [--build-only] FILE...
FILE: C sources (start-up code and semihosting are added), or one .elf that is only run.
Exit code: that of the program; 124 after the timeout; 125 when it does not build; 126 when a tool is not installed.
Sources may include from the root of the project ("firmware/kernels/ak_types.h")."""
import argparse
import concurrent.futures
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[3]
PORT = ROOT / "firmware/port/qemu"
MACHINES = {"m4": "mps2-an386", "m7": "mps2-an500"}
WARNINGS = ["-Wall", "-Wextra", "-Wconversion", "-Werror"]
TIMEOUT, BROKEN, NO_TOOL = 124, 125, 126


def flags(name):
    """A list from the one file that pins them."""
    text = (ROOT / "firmware/kernels/ak_flags.cmake").read_text(encoding="utf-8")
    return re.search(rf"^set\({name} (.*)\)$", text, re.MULTILINE)[1].split()


def missing_tool():
    """The first tool that is not installed, or None."""
    return next((tool for tool in ("arm-none-eabi-gcc", "qemu-system-arm") if not shutil.which(tool)), None)


def build(cpu, sources, elf, includes=(), defines=()):
    """Compiles and links; returns the compiler's complaints, "" when all is well."""
    compiler = ["arm-none-eabi-gcc", *flags("AK_FLAGS"), *flags(f"AK_FLAGS_{cpu.upper()}"), *WARNINGS]
    search = [f"-I{folder}" for folder in (ROOT, PORT, *includes)] + [f"-D{name}" for name in defines]
    everything = [*map(pathlib.Path, sources), *sorted(PORT.glob("*.c"))]
    with tempfile.TemporaryDirectory() as folder:
        objects = [f"{folder}/{i}-{source.stem}.o" for i, source in enumerate(everything)]

        def compile_one(pair):
            return run([*compiler, *search, "-c", str(pair[0]), "-o", pair[1]])

        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            complaints = "".join(pool.map(compile_one, zip(everything, objects)))
        return complaints or run([*compiler, *flags("AK_LINK_FLAGS"), "-T", str(PORT / "mps2.ld"), *objects,
                                  "-o", str(elf)])


def run(command):
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return "" if done.returncode == 0 else done.stdout + done.stderr


def emulate(cpu, elf, arguments="", timeout=120, plugin=None):
    """Runs the program; returns (exit code, standard output as bytes)."""
    words = "".join(f",arg={word}" for word in ["program", *arguments.split()])
    command = ["qemu-system-arm", "-M", MACHINES[cpu], "-nographic", "-monitor", "none", "-serial", "none",
               "-icount", "shift=6", "-chardev", "stdio,id=console",
               "-semihosting-config", f"enable=on,target=native,chardev=console{words}", "-kernel", str(elf),
               *(["-plugin", plugin] if plugin else [])]
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, timeout=timeout,
                              check=False)
    except subprocess.TimeoutExpired as late:
        return TIMEOUT, late.stdout or b""
    return done.returncode, done.stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cpu", choices=sorted(MACHINES))
    parser.add_argument("files", nargs="+")
    parser.add_argument("-o", dest="elf")
    parser.add_argument("-I", dest="includes", action="append", default=[])
    parser.add_argument("-D", dest="defines", action="append", default=[])
    parser.add_argument("--arguments", default="")
    parser.add_argument("--timeout", type=float, default=120)
    parser.add_argument("--build-only", action="store_true")
    options = parser.parse_args()
    if tool := missing_tool():
        print(f"{tool} is not installed", file=sys.stderr)
        return NO_TOOL
    with tempfile.TemporaryDirectory() as folder:
        elf = options.files[0]
        if not elf.endswith(".elf"):
            elf = options.elf or f"{folder}/program.elf"
            complaints = build(options.cpu, options.files, elf, options.includes, options.defines)
            if complaints:
                print(complaints, file=sys.stderr)
                return BROKEN
        if options.build_only:
            return 0
        code, output = emulate(options.cpu, elf, options.arguments, options.timeout)
        sys.stdout.buffer.write(output)
        if code == TIMEOUT:
            print(f"no end after {options.timeout:g} s", file=sys.stderr)
        return code


if __name__ == "__main__":
    sys.exit(main())
