# The libraries of Debian bookworm that the project uses. deploy/apt-packages.txt installs them.
find_package(PkgConfig REQUIRED)
find_package(Threads REQUIRED)
find_package(OpenSSL 3.0 REQUIRED)
find_package(Protobuf 3.21 REQUIRED)
find_package(tl-expected REQUIRED)
find_package(ICU 72 REQUIRED COMPONENTS uc i18n)
find_package(Python3 3.11 REQUIRED COMPONENTS Interpreter)
pkg_check_modules(SODIUM REQUIRED IMPORTED_TARGET libsodium>=1.0.18)
pkg_check_modules(ZSTD REQUIRED IMPORTED_TARGET libzstd>=1.5.0)
pkg_check_modules(QRCODEGEN REQUIRED IMPORTED_TARGET qrcodegencpp>=1.8)
pkg_check_modules(MINIZIP REQUIRED IMPORTED_TARGET minizip>=1.1)

# CVE-2025-69277: bookworm fixed the point check of libsodium in 1.0.18-1+deb12u1. The start-up
# self-test (node/crypto/init.h) checks the behaviour itself; this line gives the better message.
find_program(DPKG_QUERY dpkg-query)
if(DPKG_QUERY)
  execute_process(COMMAND ${DPKG_QUERY} -W -f=\${Version} libsodium23
                  OUTPUT_VARIABLE SODIUM_DEB ERROR_QUIET RESULT_VARIABLE SODIUM_DEB_FAILED)
  if(NOT SODIUM_DEB_FAILED AND SODIUM_DEB VERSION_EQUAL "1.0.18" AND NOT SODIUM_DEB MATCHES "deb12u")
    message(FATAL_ERROR "libsodium23 ${SODIUM_DEB} lacks the fix of CVE-2025-69277; "
                        "install 1.0.18-1+deb12u1 or newer (apt-get upgrade libsodium23)")
  endif()
endif()

find_package(Boost 1.81 REQUIRED COMPONENTS json)
if(GEFLECHT_SHELL)
  find_package(Boost 1.81 REQUIRED COMPONENTS url)
  find_package(ZLIB REQUIRED)
  find_package(RocksDB 7.8 REQUIRED CONFIG)
endif()
if(GEFLECHT_TESTS)
  find_package(GTest 1.12 REQUIRED)
endif()
