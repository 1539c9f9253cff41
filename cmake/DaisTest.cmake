# SPDX-License-Identifier: Apache-2.0
# dais_test(NAME LABEL LIBRARIES...): one executable from NAME.c of this folder, one ctest of the
# same name, its own empty working folder, a time-out. Tests read fixtures through
# DAIS_SOURCE_DIR and may run side by side. One that cannot run here prints "skipped: <why>" and
# exits with 77; script/test also counts those as skipped of which only a part was.
set(DAIS_TEST_TIMEOUT_S 120 CACHE STRING "How long one test may take")
function(dais_test name label)
    add_executable(${name} ${name}.c)
    target_link_libraries(${name} PRIVATE ${ARGN} PkgConfig::CMOCKA)
    target_compile_definitions(${name} PRIVATE DAIS_SOURCE_DIR="${CMAKE_SOURCE_DIR}")
    set(folder "${CMAKE_CURRENT_BINARY_DIR}/${name}.d")
    file(MAKE_DIRECTORY "${folder}")
    add_test(NAME ${name} COMMAND ${name} WORKING_DIRECTORY "${folder}")
    set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77
                         TIMEOUT ${DAIS_TEST_TIMEOUT_S})
endfunction()
