# SPDX-License-Identifier: Apache-2.0
# Flags for every target of ours. Warnings are errors: one that is let through hides the next.
set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)

add_compile_definitions(_GNU_SOURCE)
add_compile_options(
    -Wall -Wextra -Werror -Wconversion -Wshadow -Wformat=2 -Wundef -Wvla -Wswitch-enum
    -Wmissing-prototypes -Wstrict-prototypes -Wcast-qual
    -fno-common -fstack-protector-strong -fstack-clash-protection)
# Source paths stay out of the binaries, so that a build is the same in any folder.
add_compile_options("-ffile-prefix-map=${CMAKE_SOURCE_DIR}/=")
# A program that uses no sockets does not load their libraries.
add_link_options(-Wl,--as-needed)
add_link_options(-Wl,-z,relro,-z,now,-z,noexecstack)

# Asserts stay on in every build: a bug that goes on running is worse than one that stops.
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELEASE "${CMAKE_C_FLAGS_RELEASE}")
string(REPLACE "-DNDEBUG" "" CMAKE_C_FLAGS_RELWITHDEBINFO "${CMAKE_C_FLAGS_RELWITHDEBINFO}")

if(DAIS_SANITIZE)
    add_compile_options(-fsanitize=${DAIS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    add_link_options(-fsanitize=${DAIS_SANITIZE})
elseif(CMAKE_BUILD_TYPE MATCHES "Release|RelWithDebInfo")
    add_compile_options(-U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()
if(DAIS_COVERAGE)
    add_compile_options(-fprofile-instr-generate -fcoverage-mapping)
    add_link_options(-fprofile-instr-generate)
endif()
if(DAIS_FUZZ)
    # The libraries are instrumented; only the fuzz targets get libFuzzer's main.
    add_compile_options(-fsanitize=fuzzer-no-link)
endif()
