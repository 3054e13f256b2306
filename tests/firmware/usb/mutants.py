#!/usr/bin/env python3
"""Defects that the tests of the USB driver must notice. mutants.py COMPILER ROOT WORK_FOLDER TEST...
Each one is an edit of a copy of the driver, built as a library that the tests load in place of their own driver."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

UNEDITED = "as_it_is"
FILES = ("dwc2.c", "dwc2_control.c", "dwc2_bulk.c", "usb_descriptors.c")
MUTANTS = [  # what is wrong then, file, search, replace
    ("NAK is cleared behind the data of a transfer", "dwc2.c", "            dwc2_bulk_data(GRXSTS_BYTES(status));",
     "            dwc2_bulk_data(GRXSTS_BYTES(status)); dwc2_set_bits(DOEPCTL(1), EPCTL_CNAK);"),
    ("VBUS is sensed on newer cores", "dwc2.c", "(dwc2_get(GCCFG) & ~GCCFG_VBDEN) | GCCFG_PWRDWN", "dwc2_get(GCCFG) | GCCFG_PWRDWN"),
    ("VBUS is sensed on older cores", "dwc2.c", "GCCFG_NOVBUSSENS | GCCFG_PWRDWN", "GCCFG_PWRDWN"),
    ("the session is not declared valid", "dwc2.c", "dwc2_set_bits(GOTGCTL, GOTGCTL_BVALOEN | GOTGCTL_BVALOVAL);", ""),
    ("device mode is not waited for", "dwc2.c", "if (!wait_for(GINTSTS, GINT_CMOD, 0, LONG)) return -1;", ""),
    ("the core's reset is not waited for", "dwc2.c", "if (!wait_for(GRSTCTL, GRSTCTL_CSRST, 0, LONG)) return -1;", ""),
    ("the transmit FIFO is larger than what is left", "dwc2_internal.h", "RX_FIFO_WORDS = 128", "RX_FIFO_WORDS = 16"),
    ("FIFOs overlap", "dwc2.c", "tx1_start = RX_FIFO_WORDS + TX0_FIFO_WORDS", "tx1_start = RX_FIFO_WORDS"),
    ("one word of a packet too few is read", "dwc2.c", "for (uint32_t i = 0; i < count; i += 4) {\n        const uint32_t word = dwc2_get(DFIFO);",
     "for (uint32_t i = 0; i + 4 <= count; i += 4) {\n        const uint32_t word = dwc2_get(DFIFO);"),
    ("transfers are one packet too short", "dwc2.c", "(count + USB_PACKET - 1) / USB_PACKET : 1", "count / USB_PACKET : 1"),
    ("an IN transfer is filled before it is enabled", "dwc2_control.c",
     "dwc2_in_start(0, now);\n    dwc2_fifo_put(0, control.data + control.sent, now);",
     "dwc2_fifo_put(0, control.data + control.sent, now);\n    dwc2_in_start(0, now);"),
    ("a new SETUP does not end the old reply", "dwc2_control.c", "    dwc2_in_abort(0);\n    dwc2_control_expect_setups();", "    dwc2_control_expect_setups();"),
    ("an abort does not wait for NAK", "dwc2.c", "    if (!(control & EPCTL_NAKSTS)) wait_for(DIEPINT(endpoint), EPINT_INEPNE, EPINT_INEPNE, SHORT);\n", ""),
    ("an abort does not wait for the end", "dwc2.c", "        wait_for(DIEPINT(endpoint), EPINT_EPDISD, EPINT_EPDISD, SHORT);\n", ""),
    ("an abort leaves its words in the FIFO", "dwc2.c", "flush(GRSTCTL_TXFFLSH | GRSTCTL_TXFNUM(endpoint));", ""),
    ("a SETUP is acted on as it arrives", "dwc2_control.c", "    control.ready = 0; /* the host has given up what came before */",
     "    dwc2_control_setup_done(); dwc2_control_out_event(EPINT_STUP);"),
    ("a SETUP that was given up is acted on", "dwc2_control.c", "    control.ready = 0; /* the host has given up what came before */", ""),
    ("SETUPs are not counted anew", "dwc2_control.c", "EPTSIZ_STUPCNT | EPTSIZ_PKTCNT(1) | USB_PACKET);\n}\n\nstatic void expect_out",
     "EPTSIZ_PKTCNT(1) | USB_PACKET);\n}\n\nstatic void expect_out"),
    ("the core's false ends count", "dwc2_control.c", "if (!(events & EPINT_XFRC) || !control.packet_arrived) return;", "if (!(events & EPINT_XFRC)) return;"),
    ("replies are longer than wanted", "dwc2_control.c", "control.count = (uint16_t)(count < wanted ? count : wanted);", "control.count = (uint16_t)count;"),
    ("no empty packet behind 64 bytes of control data", "dwc2_control.c", "control.ends_short = count < wanted;", "control.ends_short = 0;"),
    ("always an empty packet behind control data", "dwc2_control.c", "control.ends_short = count < wanted;", "control.ends_short = 1;"),
    ("the address comes too late", "dwc2_control.c", "        dwc2_put(DCFG, (dwc2_get(DCFG) & ~DCFG_DAD) | (uint32_t)s->value << 4);\n        return accept();",
     "        accept();\n        return 1;"),
    ("a reset leaves the address", "dwc2.c", "    dwc2_put(DCFG, dwc2_get(DCFG) & ~DCFG_DAD);\n", ""),
    ("a reset leaves the configuration", "dwc2.c", "    dwc2_control_reset();\n    dwc2_in_abort(0);", "    dwc2_in_abort(0);"),
    ("toggles go on behind a halt", "dwc2_bulk.c", "(dwc2_get(control) & ~EPCTL_STALL) | EPCTL_SD0PID", "dwc2_get(control) & ~EPCTL_STALL"),
    ("toggles go on behind a new configuration", "dwc2_bulk.c", "EPCTL_BULK | EPCTL_SD0PID", "EPCTL_BULK"),
    ("a transfer that was taken back is lost", "dwc2_bulk.c", "    bulk.in_busy = 0;\n}\n\nvoid dwc2_bulk_close", "    add_to(&to_host.tail, used(&to_host));\n    bulk.in_busy = 0;\n}\n\nvoid dwc2_bulk_close"),
    ("a transfer that was taken back is sent twice", "dwc2_bulk.c", "was_sent((packets - left) * USB_PACKET);", "{}"),
    ("no empty packet behind full ones", "dwc2_bulk.c", "bulk.ends_full = count != 0 && count % USB_PACKET == 0;", "bulk.ends_full = 0;"),
    ("empty packets for ever", "dwc2_bulk.c", "bulk.ends_full = count != 0 && count % USB_PACKET == 0;", "bulk.ends_full = count % USB_PACKET == 0;"),
    ("more is asked for than there is room", "dwc2_bulk.c", "(RING - used(&from_host)) / USB_PACKET", "(RING - used(&from_host)) / USB_PACKET + 1"),
    ("more is sent than the FIFO holds", "dwc2_bulk.c", "dwc2_tx1_words() / (USB_PACKET / 4) * USB_PACKET", "dwc2_tx1_words() * 8"),
    ("sleeping is not noticed", "dwc2.c", "suspended = (dwc2_get(DSTS) & DSTS_SUSPSTS) != 0;", "suspended = 0;"),
    ("waking up is not noticed", "dwc2.c", "if (pending & (GINT_USBSUSP | GINT_WKUINT)) {", "if (pending & GINT_USBSUSP) {"),
    ("a packet wakes nobody", "dwc2.c", "    suspended = 0; /* whoever sends", "    /* whoever sends"),
    ("a SETUP behind a reset is lost", "dwc2_control.c", "    control.stage = IDLE;\n    control.configuration = 0;", "    control.ready = 0;\n    control.configuration = 0;"),
    ("old bytes are read behind a reset", "dwc2_bulk.c", "    bulk.stale = from_host.head;\n", ""),
    ("old bytes are sent behind a reset", "dwc2_bulk.c", "    add_to(&to_host.tail, used(&to_host));\n    bulk.ends_full = 0;", "    bulk.ends_full = 0;"),
    ("a transfer that is still set up is written anew", "dwc2_bulk.c", "bulk.out_busy = (dwc2_get(DOEPCTL(EP)) & EPCTL_EPENA) != 0;", "bulk.out_busy = 0;"),
    ("the wrong GUID", "usb_descriptors.c", "put_utf16(end, AP_USB_INTERFACE_GUID,", "put_utf16(end, PROPERTY,"),
]


NOT_LOADED = 125  # the tests' exit code when they cannot load the library


def build(compiler, root, folder, edit):
    """A library of the driver with one edit; None without. Files that the edit does not reach are compiled once."""
    source = folder / "firmware/port/stm32/usb"
    source.mkdir(parents=True, exist_ok=True)
    for path in (root / "firmware/port/stm32/usb").iterdir():
        text = path.read_text(encoding="utf-8")
        if edit and path.name == edit[1]:
            if text.count(edit[2]) != 1:
                sys.exit(f'{path}: "{edit[2]}" stands there {text.count(edit[2])} times, not once: adapt mutants.py')
            text = text.replace(edit[2], edit[3])
        (source / path.name).write_text(text, encoding="utf-8")
    objects = []
    for name in FILES:
        if not edit or edit[1] == name or edit[1].endswith(".h"):
            subprocess.run([compiler, "-std=c11", "-O1", "-w", "-fPIC", "-DDWC2_MODEL", f"-I{folder}", f"-I{root}", "-c",
                            "-o", folder / f"{name}.o", source / name], check=True)
            objects.append(folder / f"{name}.o")
        else:
            objects.append(folder.parent / UNEDITED / f"{name}.o")
    library = folder / "driver.so"
    # -Bsymbolic: the tests export functions of the same names.
    subprocess.run([compiler, "-shared", "-Wl,-Bsymbolic", "-o", library, *objects], check=True)
    return library


def passes(tests, library):
    for test in tests:
        try:
            result = subprocess.run([test, "-silent", "-nocrashhandler"], env={**os.environ, "DWC2_DRIVER": str(library)},
                                    stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60)
        except subprocess.TimeoutExpired:
            return False
        if result.returncode == NOT_LOADED:
            sys.exit(f"{library} could not be loaded.")
        if result.returncode != 0:
            return False
    return True


def main():
    compiler, root, work, *tests = sys.argv[1:]
    root, work = pathlib.Path(root), pathlib.Path(work)
    if not passes(tests, build(compiler, root, work / UNEDITED, None)):
        sys.exit("The driver as it is fails its tests: nothing is learnt from mutants.")

    def is_caught(number):
        first = sorted(tests, key=lambda test: ("bulk" in test) != ("bulk" in MUTANTS[number][1]))  # the likelier one
        return not passes(first, build(compiler, root, work / str(number), MUTANTS[number]))

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        caught = list(pool.map(is_caught, range(len(MUTANTS))))
    for mutant, noticed in zip(MUTANTS, caught):
        print(f"{'caught' if noticed else 'MISSED'}: {mutant[0]}")
    print(f"{sum(caught)} of {len(caught)} caught")
    sys.exit(not all(caught))


if __name__ == "__main__":
    main()
