# The profiler's images for the STM32 boards: one for each variant that resources/boards/flash.json lists. A variant's own
# part is firmware/boards/<variant>/board.h; its chip's linker script firmware/port/stm32/<family>/<chip>.ld.
set(flash_json ${CMAKE_SOURCE_DIR}/resources/boards/flash.json)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${flash_json})
file(READ ${flash_json} variants)
file(GLOB common CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/firmware/port/stm32/*.c
     ${CMAKE_SOURCE_DIR}/firmware/port/stm32/usb/*.c)
string(JSON count LENGTH ${variants} variants)
math(EXPR last "${count} - 1")
foreach(i RANGE ${last})
  string(JSON variant GET ${variants} variants ${i} id)
  string(JSON chip GET ${variants} variants ${i} board)
  string(SUBSTRING ${chip} 5 2 family)
  set(folders ${family})
  set(cpu m7)
  if(family STREQUAL f4)
    set(cpu m4)
  endif()
  if(family MATCHES "^f[47]$")
    list(APPEND folders f47) # what both share
  endif()
  set(own)
  foreach(folder ${folders})
    file(GLOB sources CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${CMAKE_SOURCE_DIR}/firmware/port/stm32/${folder}/*.c)
    list(APPEND own ${sources})
  endforeach()
  ap_firmware_image(${variant} CPU ${cpu} SCRIPT firmware/port/stm32/${family}/${chip}.ld SOURCES ${common} ${own}
                    INCLUDES firmware/boards/${variant})
endforeach()
