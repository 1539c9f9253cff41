# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# What the scripts share. Sourced, never run: a script says `. "$(dirname "$0")/common.sh"`.

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root" || exit
export LC_ALL=C.UTF-8
jobs=${DAIS_JOBS:-2}

say() {
    printf '== %s\n' "$*"
}

# die CODE TEXT: ends the script. 2 is always "called wrongly".
die() {
    printf '%s: %s\n' "$(basename "$0")" "$2" >&2
    exit "$1"
}

# timed TEXT COMMAND...: says what starts, and afterwards how long it took and how it ended.
timed() {
    local text=$1 start=$SECONDS code=0
    shift
    say "$text"
    "$@" || code=$?
    if [ "$code" -eq 0 ]; then
        say "$text: done in $((SECONDS - start)) s"
    else
        say "$text: FAILED (exit code $code) after $((SECONDS - start)) s"
    fi
    return "$code"
}

# What tests are labelled by.
labels=(unit property system trials fuzz interop browser bench)

# check_label LABEL: a wrong one is said before anything is installed or built.
check_label() {
    [[ " ${labels[*]} " == *" $1 "* ]] || die 2 "no label '$1': ${labels[*]}"
}

# configure PRESET: quiet unless it fails. DAIS_FULL lengthens every test's time-out, because the
# counts grow tenfold.
configure() {
    local output options=()
    [ "${DAIS_FULL:-}" != 1 ] || options+=(-DDAIS_TEST_TIMEOUT_S=3600)
    output=$(cmake --preset "$1" "${options[@]}" 2>&1) || {
        # From the first error on, or all of it when there is none to be seen.
        sed -n '/^CMake Error/,$p' <<<"$output" | grep . >&2 || printf '%s\n' "$output" >&2
        return 1
    }
}

# build PRESET [TARGET...]: everything when no target is named.
build() {
    local preset=$1 targets=()
    shift
    [ $# -eq 0 ] || targets=(--target "$@")
    configure "$preset" && cmake --build --preset "$preset" -j "$jobs" "${targets[@]}" -- --quiet
}
