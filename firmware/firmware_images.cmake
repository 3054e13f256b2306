# Images for boards, made by arm-none-eabi-gcc beside the host's build: profiler-<variant>.elf and .bin in
# <build>/share/atomnet-designer/firmware, installed beside the designer. Without that compiler there are none.
#
#   ap_firmware_image(stm32f746-disco CPU m7 SCRIPT firmware/boards/f746/profiler.ld
#                     SOURCES firmware/port/stm32/a.c ... [DEFINES NAME=1 ...] [INCLUDES firmware/boards/x ...])
# Paths count from the project's root. SOURCES: start-up code and port; kernels, protocol and command loop come by
# themselves. The linker script names its Flash FLASH, collects .vectors, .text, .rodata, .data and .bss, and ends with
# `INCLUDE image.ld` (firmware/port/image.ld); what it includes lies beside it, in firmware/port or in firmware/boards.
# profiler-<variant>.a and .ld hold the same objects and the whole script, for networks that are linked in to be validated.
include(${CMAKE_CURRENT_LIST_DIR}/kernels/ak_flags.cmake)
include(GNUInstallDirs)

find_program(ARM_GCC arm-none-eabi-gcc)
set(ATOMNET_FIRMWARE_FOLDER ${CMAKE_BINARY_DIR}/share/atomnet-designer/firmware)
if(ATOMNET_FUZZ OR NOT ARM_GCC)
  if(NOT ARM_GCC)
    message(STATUS "arm-none-eabi-gcc is not installed: no firmware images")
  endif()
  function(ap_firmware_image variant)
  endfunction()
  return()
endif()

find_program(ARM_OBJCOPY arm-none-eabi-objcopy REQUIRED)
find_program(ARM_AR arm-none-eabi-ar REQUIRED)
execute_process(COMMAND ${ARM_GCC} -dumpversion OUTPUT_VARIABLE arm_gcc_version OUTPUT_STRIP_TRAILING_WHITESPACE)
set(arm_warnings -Wall -Wextra -Wconversion -Werror)

# Objects of SOURCES for one CPU, below `folder`; their names in the variable `result`.
function(ap_firmware_objects result cpu folder)
  cmake_parse_arguments(ARG "" "" "SOURCES;DEFINES;INCLUDES" ${ARGN})
  string(TOUPPER ${cpu} upper)
  list(TRANSFORM ARG_DEFINES PREPEND "-D")
  list(TRANSFORM ARG_INCLUDES PREPEND "-I${CMAKE_SOURCE_DIR}/")
  set(objects)
  foreach(source ${ARG_SOURCES})
    cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${CMAKE_SOURCE_DIR} NORMALIZE OUTPUT_VARIABLE from)
    get_filename_component(name ${from} NAME)
    set(object ${folder}/${name}.o)
    # Kernels are measured as they ship; all else is small, so that an image fits 64 KiB.
    set(size -Os)
    if(from MATCHES "/firmware/kernels/")
      set(size)
    endif()
    add_custom_command(OUTPUT ${object}
      COMMAND ${CMAKE_C_COMPILER_LAUNCHER} ${ARM_GCC} ${AK_FLAGS} ${size} ${AK_FLAGS_${upper}} ${arm_warnings}
              -I${CMAKE_SOURCE_DIR} ${ARG_INCLUDES} ${ARG_DEFINES} -MMD -MF ${object}.d -c ${from} -o ${object}
      DEPENDS ${from} ${CMAKE_SOURCE_DIR}/firmware/kernels/ak_flags.cmake DEPFILE ${object}.d VERBATIM
      COMMENT "Firmware ${cpu}: ${name}")
    list(APPEND objects ${object})
  endforeach()
  file(MAKE_DIRECTORY ${folder})
  set(${result} ${objects} PARENT_SCOPE)
endfunction()

# What all images of a CPU share, as an archive.
get_property(kernel_hash GLOBAL PROPERTY ATOMNET_KERNEL_HASH)
get_property(pattern_source GLOBAL PROPERTY ATOMNET_PATTERN_SOURCE)
file(GLOB shared_sources CONFIGURE_DEPENDS ${CMAKE_CURRENT_LIST_DIR}/kernels/ak_*.c ${CMAKE_CURRENT_LIST_DIR}/profiler/ap_*.c
     ${CMAKE_CURRENT_LIST_DIR}/protocol/ap_*.c ${CMAKE_CURRENT_LIST_DIR}/port/cortex_m/*.c)
list(FILTER shared_sources EXCLUDE REGEX "/ak_pack") # for hosts alone
foreach(cpu m4 m7)
  string(TOUPPER ${cpu} upper)
  list(JOIN AK_FLAGS " " flags)
  list(JOIN AK_FLAGS_${upper} " " cpu_flags)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${cpu})
  ap_firmware_objects(objects ${cpu} ${folder} SOURCES ${shared_sources} ${pattern_source}
    DEFINES AK_KERNEL_HASH=${kernel_hash} "AP_COMPILER=\"arm-none-eabi-gcc ${arm_gcc_version}\""
            "AP_COMPILER_FLAGS=\"${flags} ${cpu_flags}\"")
  add_custom_command(OUTPUT ${folder}/libap.a
    COMMAND ${CMAKE_COMMAND} -E rm -f ${folder}/libap.a
    COMMAND ${ARM_AR} rcsD ${folder}/libap.a ${objects}
    DEPENDS ${objects} ap_pattern_source VERBATIM)
  add_custom_target(firmware_${cpu} DEPENDS ${folder}/libap.a)
  set(ATOMNET_FIRMWARE_ARCHIVE_${cpu} ${folder}/libap.a)
  set(ATOMNET_FIRMWARE_OBJECTS_${cpu} ${objects})
endforeach()

# A linker script with all that it includes, in one piece.
function(ap_flat_script result script)
  file(READ ${script} text)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${script})
  cmake_path(GET script PARENT_PATH beside)
  while(text MATCHES "(^|\n)INCLUDE ([^\n]+)\n")
    set(line "INCLUDE ${CMAKE_MATCH_2}\n")
    unset(included)
    find_file(included ${CMAKE_MATCH_2} PATHS ${beside} ${CMAKE_SOURCE_DIR}/firmware/port ${CMAKE_SOURCE_DIR}/firmware/boards
              NO_DEFAULT_PATH REQUIRED NO_CACHE)
    ap_flat_script(inner ${included})
    string(REPLACE "${line}" "${inner}" text "${text}")
  endwhile()
  set(${result} "${text}" PARENT_SCOPE)
endfunction()

function(ap_firmware_image variant)
  cmake_parse_arguments(ARG "" "CPU;SCRIPT" "SOURCES;DEFINES;INCLUDES" ${ARGN})
  string(TOUPPER ${ARG_CPU} upper)
  set(folder ${CMAKE_CURRENT_BINARY_DIR}/${variant})
  set(image ${ATOMNET_FIRMWARE_FOLDER}/profiler-${variant})
  ap_flat_script(script ${CMAKE_SOURCE_DIR}/${ARG_SCRIPT})
  file(CONFIGURE OUTPUT ${image}.ld CONTENT "${script}" @ONLY)
  ap_firmware_objects(objects ${ARG_CPU} ${folder} SOURCES ${ARG_SOURCES} DEFINES ${ARG_DEFINES} INCLUDES ${ARG_INCLUDES})
  add_custom_command(OUTPUT ${image}.a
    COMMAND ${CMAKE_COMMAND} -E rm -f ${image}.a
    COMMAND ${ARM_AR} rcsD ${image}.a ${objects} ${ATOMNET_FIRMWARE_OBJECTS_${ARG_CPU}}
    DEPENDS ${objects} firmware_${ARG_CPU} ${ATOMNET_FIRMWARE_ARCHIVE_${ARG_CPU}} VERBATIM)
  add_custom_command(OUTPUT ${image}.elf ${image}.bin
    COMMAND ${ARM_GCC} ${AK_FLAGS_${upper}} ${AK_LINK_FLAGS} -T ${image}.ld ${image}.a -Wl,-Map=${folder}/image.map
            -o ${folder}/unsealed.elf
    COMMAND ${ARM_OBJCOPY} -O binary ${folder}/unsealed.elf ${folder}/unsealed.bin
    COMMAND seal_image ${folder}/unsealed.bin ${folder}/seal.bin
    COMMAND ${ARM_OBJCOPY} --update-section .image_seal=${folder}/seal.bin ${folder}/unsealed.elf ${image}.elf
    COMMAND ${ARM_OBJCOPY} -O binary ${image}.elf ${image}.bin
    DEPENDS ${image}.a ${image}.ld seal_image VERBATIM
    COMMENT "Firmware image profiler-${variant}")
  add_custom_target(firmware_${variant} ALL DEPENDS ${image}.elf ${image}.bin)
  set_property(GLOBAL APPEND PROPERTY ATOMNET_FIRMWARE_TARGETS firmware_${variant})
  install(FILES ${image}.elf ${image}.bin ${image}.a ${image}.ld
          DESTINATION ${CMAKE_INSTALL_DATADIR}/atomnet-designer/firmware)
endfunction()
