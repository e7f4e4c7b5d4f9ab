# geflecht_library(NAME sources... [PUBLIC libs...] [PRIVATE libs...])
# One static library for each folder; its visible links are the layers of docs/architecture.md.
function(geflecht_library name)
  cmake_parse_arguments(ARG "" "" "SOURCES;PUBLIC;PRIVATE" ${ARGN})
  if(ARG_SOURCES)
    add_library(geflecht_${name} STATIC ${ARG_SOURCES})
    target_include_directories(geflecht_${name} PUBLIC ${CMAKE_SOURCE_DIR})
    target_link_libraries(geflecht_${name} PUBLIC ${ARG_PUBLIC} PRIVATE geflecht_options ${ARG_PRIVATE})
  else()
    add_library(geflecht_${name} INTERFACE)
    target_include_directories(geflecht_${name} INTERFACE ${CMAKE_SOURCE_DIR})
    target_link_libraries(geflecht_${name} INTERFACE ${ARG_PUBLIC})
  endif()
  add_library(geflecht::${name} ALIAS geflecht_${name})
endfunction()

# geflecht_test(NAME SOURCES ... LIBS ... [LABEL unit] [TIMEOUT 120])
# One GoogleTest program, one ctest. Its directory of test data is GEFLECHT_SOURCE_DIR.
function(geflecht_test name)
  cmake_parse_arguments(ARG "" "LABEL;TIMEOUT" "SOURCES;LIBS" ${ARGN})
  if(NOT ARG_LABEL)
    set(ARG_LABEL unit)
  endif()
  if(NOT ARG_TIMEOUT)
    set(ARG_TIMEOUT 120)
    if(GEFLECHT_SANITIZE)
      set(ARG_TIMEOUT 480)  # a sanitizer takes three to four times as long
    endif()
  endif()
  add_executable(${name} ${ARG_SOURCES})
  # The code under test is optimised; doing so to the test's own takes half of its compile time.
  target_compile_options(${name} PRIVATE -O0)
  target_link_libraries(${name} PRIVATE ${ARG_LIBS} geflecht_options GTest::gtest GTest::gtest_main)
  target_compile_definitions(${name} PRIVATE
    GEFLECHT_SOURCE_DIR="${CMAKE_SOURCE_DIR}" GEFLECHT_SHARED_DIR="${GEFLECHT_SHARED}"
    GEFLECHT_BINARY_DIR="${CMAKE_BINARY_DIR}")
  add_test(NAME ${name} COMMAND ${name})
  set_tests_properties(${name} PROPERTIES LABELS ${ARG_LABEL} TIMEOUT ${ARG_TIMEOUT})
endfunction()

# Subdirectories that hold a CMakeLists.txt.
function(geflecht_subdirectories)
  foreach(dir ${ARGN})
    if(EXISTS ${CMAKE_CURRENT_SOURCE_DIR}/${dir}/CMakeLists.txt)
      add_subdirectory(${dir})
    endif()
  endforeach()
endfunction()

# geflecht_alone(sources...)
# Sources whose local names another source of the target has too: compiled alone where others are
# compiled together (CMakePresets.json, "together").
function(geflecht_alone)
  set_source_files_properties(${ARGN} PROPERTIES SKIP_UNITY_BUILD_INCLUSION ON)
endfunction()
