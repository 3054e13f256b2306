#pragma once

// What the tools say. Texts without a board are what st-flash and st-info 1.7.0, OpenOCD 0.12.0 and
// dfu-util 0.11 printed; those with a board are put together from the messages in these programs
// and from logs in their issue trackers.
namespace atomnet::test
{

inline constexpr auto stInfoNone = "Found 0 stlink programmers\n";
inline constexpr auto stInfoF412 = "Found 1 stlink programmers\n"
                                   "  version:    V2J37S26\n"
                                   "  serial:     066BFF515049657187212124\n"
                                   "  flash:      1048576 (pagesize: 16384)\n"
                                   "  sram:       262144\n"
                                   "  chipid:     0x0441\n"
                                   "  descr:      F412\n";
inline constexpr auto stInfoTwo = "Found 2 stlink programmers\n"
                                  "  version:    V2J37S26\n"
                                  "  serial:     066BFF515049657187212124\n"
                                  "  flash:      1048576 (pagesize: 16384)\n"
                                  "  sram:       262144\n"
                                  "  chipid:     0x0441\n"
                                  "  descr:      F412\n"
                                  "  version:    V3J7M2\n"
                                  "  serial:     002F00203438510B34313939\n"
                                  "  flash:      2097152 (pagesize: 131072)\n"
                                  "  sram:       131072\n"
                                  "  chipid:     0x450\n"
                                  "  dev-type:   STM32H74x_H75x\n";
inline constexpr auto stInfoNoTarget = "Found 1 stlink programmers\n"
                                       "  version:    V2J37S26\n"
                                       "  serial:     066BFF515049657187212124\n"
                                       "  flash:      0 (pagesize: 0)\n"
                                       "  sram:       0\n"
                                       "  chipid:     0x0000\n"
                                       "  descr:      unknown device\n";

inline constexpr auto stFlashNoProbe =
    "st-flash 1.7.0\n2026-11-21T16:06:20 WARN usb.c: Couldn't find any ST-Link devices\n";
inline constexpr auto stFlashBegins =
    "st-flash 1.7.0\n"
    "2026-11-21T10:00:00 INFO common.c: F412: 256 KiB SRAM, 1024 KiB flash in at least 16 KiB "
    "pages.\n"
    "file 1.bin md5 checksum: 5761fe3885e985c3021dd8aceb38db9, stlink checksum: 0x00f78dcc\n"
    "2026-11-21T10:00:00 INFO common.c: Attempting to write 40960 (0xa000) bytes to stm32 address: "
    "134217728 (0x8000000)\n";
inline constexpr auto stFlashErased =
    "EraseFlash - Sector:0x0 Size:0x4000 2026-11-21T10:00:00 INFO common.c: Flash page at addr: "
    "0x08000000 erased\n"
    "EraseFlash - Sector:0x1 Size:0x4000 2026-11-21T10:00:00 INFO common.c: Flash page at addr: "
    "0x08004000 erased\n"
    "EraseFlash - Sector:0x2 Size:0x4000 2026-11-21T10:00:01 INFO common.c: Flash page at addr: "
    "0x08008000 erased\n"
    "2026-11-21T10:00:01 INFO common.c: Finished erasing 3 pages of 16384 (0x4000) bytes\n"
    "2026-11-21T10:00:01 INFO common.c: Starting Flash write for F2/F4/F7/L4\n"
    "2026-11-21T10:00:01 INFO flash_loader.c: Successfully loaded flash loader in sram\n"
    "enabling 32-bit flash writes\n"
    "\r  1/  2 pages written";
inline constexpr auto stFlashVerified =
    "\r  2/  2 pages written\n"
    "2026-11-21T10:00:02 INFO common.c: Starting verification of write complete\n"
    "2026-11-21T10:00:02 INFO common.c: Flash written and verified! jolly good!\n";
inline constexpr auto stFlashVerifyFailed =
    "\r  2/  2 pages written\n"
    "2026-11-21T10:00:02 INFO common.c: Starting verification of write complete\n"
    "2026-11-21T10:00:02 ERROR common.c: Verification of flash failed at offset: 4096\n"
    "stlink_fwrite_flash() == -1\n";
inline constexpr auto stFlashProtected =
    "2026-11-21T10:00:00 ERROR common.c: Flash memory is write protected\n"
    "2026-11-21T10:00:00 ERROR common.c: Failed to erase_flash_page(0x8000000) == -1\n"
    "stlink_fwrite_flash() == -1\n";
inline constexpr auto stFlashUnplugged =
    "2026-11-21T10:00:01 ERROR usb.c: [!] send_recv send request failed: LIBUSB_ERROR_NO_DEVICE\n"
    "2026-11-21T10:00:01 ERROR common.c: stlink_flash_loader_run(0x8004000) failed! == -1\n"
    "stlink_fwrite_flash() == -1\n";
inline constexpr auto stFlashForbidden =
    "st-flash 1.7.0\n"
    "2026-11-21T10:00:00 ERROR usb.c: Could not open USB device 0x0483:0x374b, access error.\n"
    "2026-11-21T10:00:00 WARN usb.c: Couldn't find any ST-Link devices\n";
inline constexpr auto stFlashNoTarget = "st-flash 1.7.0\n"
                                        "Failed to connect to target\n"
                                        "Failed to enter SWD mode\n";
inline constexpr auto stFlashResetFailed = "Failed to reset device\n";

inline constexpr auto openOcdBegins =
    "Open On-Chip Debugger 0.12.0\n"
    "Licensed under GNU GPL v2\n"
    "For bug reports, read\n"
    "\thttp://openocd.org/doc/doxygen/bugs.html\n"
    "Info : The selected transport took over low-level target control. The results might differ "
    "compared to plain JTAG/SWD\n"
    "srst_only separate srst_nogate srst_open_drain connect_deassert_srst\n"
    "\n"
    "Info : clock speed 1800 kHz\n";
inline constexpr auto openOcdNoProbe = "Error: open failed\n"
                                       "in procedure 'program'\n"
                                       "** OpenOCD init failed **\n"
                                       "shutdown command invoked\n"
                                       "\n";
inline constexpr auto openOcdOpenFailed = "Error: open failed\n\n\n";
inline constexpr auto openOcdForbidden =
    "Error: libusb_open() failed with LIBUSB_ERROR_ACCESS\nError: open failed\n\n\n";
inline constexpr auto openOcdConnected =
    "Info : STLINK V3J7M2 (API v3) VID:PID 0483:374E\n"
    "Info : Target voltage: 3.288000\n"
    "Info : [stm32h7x.cpu0] Cortex-M7 r1p1 processor detected\n"
    "Info : [stm32h7x.cpu0] target has 8 breakpoints, 4 watchpoints\n";
inline constexpr auto openOcdH743 = "0x5c001000: 20036450 \n"
                                    "0x5200201c: 1406aaf0 \n"
                                    "shutdown command invoked\n";
inline constexpr auto openOcdH743Protected = "0x5c001000: 20036450 \n"
                                             "0x5200201c: 140655f0 \n"
                                             "shutdown command invoked\n";
inline constexpr auto openOcdF746 = "Error: Failed to read memory at 0x5c001000\n"
                                    "Error: Failed to read memory at 0x5200201c\n"
                                    "0xe0042000: 10016449 \n"
                                    "0x40023c14: c0ffaafd \n"
                                    "shutdown command invoked\n";
inline constexpr auto openOcdNoTarget =
    "Info : STLINK V3J7M2 (API v3) VID:PID 0483:374E\n"
    "Info : Target voltage: 3.288000\n"
    "Error: init mode failed (unable to connect to the target)\n"
    "\n\n";
inline constexpr auto openOcdProgramming =
    "[stm32h7x.cpu0] halted due to debug-request, current mode: Thread \n"
    "xPSR: 0x01000000 pc: 0x08000298 msp: 0x24080000\n"
    "** Programming Started **\n"
    "Info : Device: STM32H74x/75x\n"
    "Info : flash size probed value 2048k\n"
    "Warn : Adding extra erase range, 0x0800a000 .. 0x0801ffff\n";
inline constexpr auto openOcdVerified = "** Programming Finished **\n"
                                        "** Verify Started **\n"
                                        "** Verified OK **\n"
                                        "** Resetting Target **\n"
                                        "shutdown command invoked\n";
inline constexpr auto openOcdVerifyFailed =
    "** Programming Finished **\n"
    "** Verify Started **\n"
    "Error: checksum mismatch - attempting binary compare\n"
    "diff 0 address 0x08001000. Was 0xff instead of 0x12\n"
    "embedded:startup.tcl:1537: Error: ** Verify Failed **\n"
    "in procedure 'program' \n"
    "shutdown command invoked\n";
inline constexpr auto openOcdProtected =
    "Error: stm32x device protected\n"
    "Error: failed erasing sectors 0 to 0\n"
    "embedded:startup.tcl:1537: Error: ** Programming Failed **\n"
    "in procedure 'program' \n"
    "shutdown command invoked\n";
inline constexpr auto openOcdUnplugged =
    "Error: jtag_libusb_bulk_write error: LIBUSB_ERROR_NO_DEVICE\n"
    "Error: error writing to flash at address 0x08000000 at offset 0x00000000\n"
    "embedded:startup.tcl:1537: Error: ** Programming Failed **\n";
inline constexpr auto openOcdDumped = "dumped 65536 bytes in 0.512000s (125.000 KiB/s)\n"
                                      "shutdown command invoked\n";

inline constexpr auto dfuUtilBegins =
    "dfu-util 0.11\n"
    "\n"
    "Copyright 2005-2009 Weston Schmidt, Harald Welte and OpenMoko Inc.\n"
    "Copyright 2010-2021 Tormod Volden and Stefan Schmidt\n"
    "This program is Free Software and has ABSOLUTELY NO WARRANTY\n"
    "Please report bugs to http://sourceforge.net/p/dfu-util/tickets/\n"
    "\n";
inline constexpr auto dfuUtilNoDevice = "dfu-util: No DFU capable USB device available\n";
inline constexpr auto dfuUtilSeveral =
    "dfu-util: More than one DFU capable USB device found! Try `--list' and specify the serial "
    "number or disconnect all but one device\n";
inline constexpr auto dfuUtilForbidden =
    "dfu-util: Cannot open DFU device 0483:df11 found on devnum 2 (LIBUSB_ERROR_ACCESS)\n"
    "dfu-util: No DFU capable USB device available\n";

} // namespace atomnet::test
