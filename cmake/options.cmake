# Compiler, linker and sanitizer settings for every target of this project.
if(NOT CMAKE_BUILD_TYPE)
  set(CMAKE_BUILD_TYPE RelWithDebInfo CACHE STRING "" FORCE)
endif()

find_program(CCACHE ccache)
if(CCACHE)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE}")
endif()
find_program(MOLD mold)
if(MOLD AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  add_link_options(-fuse-ld=mold)
endif()

# CHECK stays on, so NDEBUG is never defined. One optimised build serves the demo and the tests.
set(CMAKE_CXX_FLAGS_RELWITHDEBINFO "-O2 -g1")
set(CMAKE_CXX_FLAGS_RELEASE "-O2 -g1")
set(CMAKE_CXX_FLAGS_DEBUG "-O1 -g")

add_library(geflecht_options INTERFACE)
target_compile_options(geflecht_options INTERFACE
  -Wall -Wextra -Wconversion -Wshadow -Wnon-virtual-dtor -Wimplicit-fallthrough
  -Werror
  -fstack-protector-strong -ffile-prefix-map=${CMAKE_SOURCE_DIR}=.)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
  # GCC 12 reports vector<variant>::push_back(T{...}) as maybe uninitialised: a false alarm.
  target_compile_options(geflecht_options INTERFACE
    -Wno-error=maybe-uninitialized -Wno-maybe-uninitialized)
endif()
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_options(geflecht_options INTERFACE -D_FORTIFY_SOURCE=2 -fcf-protection)
  target_link_options(geflecht_options INTERFACE -Wl,-z,relro -Wl,-z,now)
endif()
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

if(GEFLECHT_SANITIZE)
  add_compile_options(-fsanitize=${GEFLECHT_SANITIZE} -fno-omit-frame-pointer -fno-sanitize-recover=all)
  add_link_options(-fsanitize=${GEFLECHT_SANITIZE})
endif()
if(GEFLECHT_COVERAGE)
  add_compile_options(--coverage)
  add_link_options(--coverage)
endif()
