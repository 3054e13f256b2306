# Every header compiles alone, and twice in one file: each becomes a source file of an object library that links
# what its folder links. Built as a test, so that a header that fails is a test that fails.

# One source file per header below `folder`.
function(header_check_library name folder layer)
  file(GLOB_RECURSE headers CONFIGURE_DEPENDS RELATIVE ${CMAKE_SOURCE_DIR} ${folder}/*.h)
  set(sources)
  foreach(header ${headers})
    set(source ${CMAKE_CURRENT_BINARY_DIR}/header_check/${header}.cpp)
    file(CONFIGURE OUTPUT ${source} CONTENT "#include \"${header}\"\n#include \"${header}\"\n")
    list(APPEND sources ${source})
  endforeach()
  if(NOT sources)
    return()
  endif()
  add_library(${name} OBJECT EXCLUDE_FROM_ALL ${sources})
  set_target_properties(${name} PROPERTIES AUTOMOC OFF AUTORCC OFF)
  target_compile_options(${name} PRIVATE -O0)
  target_link_libraries(${name} PRIVATE ${layer})
  add_dependencies(header_check ${name})
endfunction()

add_custom_target(header_check)
foreach(folder base model lowering analysis search inference)
  header_check_library(header_check_core_${folder} ${CMAKE_SOURCE_DIR}/core/${folder} atomnet_${folder})
endforeach()
header_check_library(header_check_core_quant ${CMAKE_SOURCE_DIR}/core/quant "atomnet_quant;atomnet_formats")
header_check_library(header_check_core_exporters ${CMAKE_SOURCE_DIR}/core/exporters
                     "atomnet_exporters;atomnet_formats;ak_kernels")
header_check_library(header_check_core_device ${CMAKE_SOURCE_DIR}/core/device
                     "atomnet_flashing;atomnet_device;PkgConfig::LIBUSB;Qt6::SerialPort;ak_kernels")
header_check_library(header_check_core_measuring ${CMAKE_SOURCE_DIR}/core/measuring atomnet_measuring)
header_check_library(header_check_protocol ${CMAKE_SOURCE_DIR}/firmware/protocol ap_protocol)
header_check_library(header_check_profiler ${CMAKE_SOURCE_DIR}/firmware/profiler ap_profiler)
header_check_library(header_check_core_atomdb ${CMAKE_SOURCE_DIR}/core/atomdb "atomnet_atomdb;Qt6::Sql")
foreach(folder document canvas dashboards inspectors)
  header_check_library(header_check_widgets_${folder} ${CMAKE_SOURCE_DIR}/widgets/${folder} atomnet_${folder})
endforeach()
header_check_library(header_check_widgets_common ${CMAKE_SOURCE_DIR}/widgets/common atomnet_widgets_common)
header_check_library(header_check_cli ${CMAKE_SOURCE_DIR}/app/cli atomnet_cli)
header_check_library(header_check_window ${CMAKE_SOURCE_DIR}/app/window atomnet_window)

# The proof that the check notices: a header that uses QString without including it.
file(CONFIGURE OUTPUT ${CMAKE_CURRENT_BINARY_DIR}/not_alone.cpp CONTENT "#include \"tests/data/not_alone.h\"\n")
add_library(header_check_not_alone OBJECT EXCLUDE_FROM_ALL ${CMAKE_CURRENT_BINARY_DIR}/not_alone.cpp)
set_target_properties(header_check_not_alone PROPERTIES AUTOMOC OFF)
target_link_libraries(header_check_not_alone PRIVATE atomnet_base)

set(build ${CMAKE_COMMAND} --build ${CMAKE_BINARY_DIR} --target)
add_test(NAME header_check COMMAND ${build} header_check)
add_test(NAME header_check_notices COMMAND ${build} header_check_not_alone)
# Two builds at once in one folder would disturb each other.
set_tests_properties(header_check header_check_notices PROPERTIES RESOURCE_LOCK build TIMEOUT 1200)
set_tests_properties(header_check_notices PROPERTIES ENVIRONMENT LC_ALL=C
                     PASS_REGULAR_EXPRESSION "QString' (has not been declared|does not name a type|was not declared)")
