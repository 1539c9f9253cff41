# SPDX-License-Identifier: Apache-2.0
"""Examples for selftest: a good tree, and for each lint files that spoil it, each with a part of
what the lint must say. Words that other lints look for in this very file are put together."""
import json

LICENCE = "/* SPDX-License-Identifier: Apache-2.0 */\n"
SHELL = "#!/usr/bin/env bash\n# SPDX-License-Identifier: Apache-2.0\nset -euo pipefail\n"
PYTHON = "#!/usr/bin/env python3\n# SPDX-License-Identifier: Apache-2.0\n"
HELP = """case ${1:-} in
-h | --help)
    printf 'Usage: script/good [-h]\\n\\nExamples:\\n  script/good\\n  script/good -h\\n'
    exit 0
    ;;
esac
"""
MAN = """.\\" SPDX-License-Identifier: Apache-2.0
.Dd January 2, 2026
.Dt DAIS 1
.Os
.Sh NAME
.Nm dais
.Nd submit and prove
.Sh DESCRIPTION
Text.
"""

GOOD = {
    "base/good.h": LICENCE + "#ifndef DAIS_BASE_GOOD_H\n#define DAIS_BASE_GOOD_H\n\n"
                   "int dais_good(int value);\n\n#endif\n",
    "base/good.c": LICENCE + '#include "base/good.h"\n\n#include <stddef.h>\n\n'
                   "/* Not strcpy( but a comment. */\nint dais_good(int value)\n{\n"
                   "    return value + 1;\n}\n",
    "base/again.h": LICENCE + "/* lint: no-guard */\n#undef AGAIN\n",
    "registry/rules/good.h": LICENCE + "#ifndef DAIS_RULES_GOOD_H\n#define DAIS_RULES_GOOD_H\n"
                             '#include "base/good.h"\n#endif\n',
    "broker/good.c": LICENCE + '#include "base/good.h"\n#include "registry/rules/good.h"\n',
    "tests/unit/test_good.c": LICENCE + '#include "base/good.h"\n\nstatic int state_seen;\n\n'
                              "/* Goal: it adds one. Method: add one to one. */\n"
                              "static void test_good(void **state)\n{\n"
                              "    state_seen = dais_good(1) + (*state != 0);\n}\n\n"
                              "int main(void)\n{\n    void *state = 0;\n"
                              "    test_good(&state);\n    return state_seen - 2;\n}\n",
    "tests/tool.py": PYTHON + "print('good')\n",
    "script/good": SHELL + HELP,
    "script/test": SHELL + HELP.replace("script/good", "script/test") + "ls ../" + "shared\n",
    "man/dais.1": MAN,
    "CMakeLists.txt": "# SPDX-License-Identifier: Apache-2.0\n",
}


def compile_commands(root):
    """A database of the good tree's C files."""
    entries = [{"directory": str(root / "build/dev"), "file": str(root / name),
                "command": f"cc -I{root} -std=c11 -Wall -Wextra -Werror -c {root / name}"}
               for name in GOOD if name.endswith(".c")]
    return {"build/dev/compile_commands.json": json.dumps(entries)}


def function(name, line_count):
    """A function that the lint counts as so many lines."""
    return f"int {name}(void)\n{{\n" + "    ;\n" * (line_count - 2) + "}\n"


def functions(*line_counts):
    return {"base/long.c": LICENCE + "".join(function(f"f{i}", lines)
                                             for i, lines in enumerate(line_counts))}


def spoiled(name, old, new):
    """A file of the good tree with one change."""
    assert old in GOOD[name]
    return {name: GOOD[name].replace(old, new)}


BAD = {
    "clang_format": [("base/good.c:8: ", spoiled("base/good.c", "    return", "  return"))],
    "clang_tidy": [
        ("clang-analyzer", spoiled("base/good.c", "value + 1", "1 / (value - value)")),
        ("parameter", spoiled("base/good.h", "int value", "int other")),
        ("in no target", {"base/forgotten.c": LICENCE}),
    ],
    "file_lengths": [("501 lines", {"base/long.c": LICENCE + "\n" * 500})],
    "forbidden_calls": [
        (f"{name}()", spoiled("base/good.c", "value + 1", f"{name}(value)"))
        for name in ("strcpy", "strcat", "sprintf", "gets", "atoi", "alloca", "system", "popen")],
    "function_lengths": [
        ("f0 has 71 lines", functions(71)),
        ("delivered: the median function has 13 lines", functions(13, 13, 13)),
        ("with tests: the median", functions(13, 13, 13, 13)),
        ("nine in ten have 41 lines", functions(*[3] * 5, *[41] * 2)),
        ("macro LONG has 71 lines",
         {"base/long.h": LICENCE + "#define LONG \\\n" + "    ; \\\n" * 69 + "    ;\n"}),
    ],
    "header_guards": [
        ("base/good.h", spoiled("base/good.h", "DAIS_BASE_GOOD_H", "GOOD_H")),
        ("base/good.h", spoiled("base/good.h", "#define DAIS_BASE", "#define DAIS")),
        ("base/good.h", spoiled("base/good.h", "#endif\n", "#endif\nint after;\n")),
        ("base/bare.h", {"base/bare.h": LICENCE + "int bare;\n"}),
    ],
    "include_directions": [
        ("base may not include proto", {"base/up.c": LICENCE + '#include "proto/good.h"\n'}),
        ("proto may not include registry/rules",
         {"proto/up.c": LICENCE + '#include "registry/rules/good.h"\n'}),
        ("registry/rules may not include registry",
         {"registry/rules/up.c": LICENCE + '#include "registry/store.h"\n'}),
        ("broker may not include intake",
         {"broker/aside.c": LICENCE + '#include "intake/spool.h"\n'}),
        ("audit may not include registry",
         {"audit/aside.c": LICENCE + '#include "registry/store.h"\n'}),
        ("lies in no folder of ours", {"base/up.c": LICENCE + '#include "tests/good.h"\n'}),
        ("not written from the top", {"base/near.c": LICENCE + '#include "good.h"\n'}),
        ("write it in quotes", {"base/angle.c": LICENCE + "#include <base/good.h>\n"}),
        ("does not know", {"novel/new.c": LICENCE + '#include "base/good.h"\n'}),
    ],
    "machine_paths": [
        ("names the place", {"tests/tool.py": PYTHON + f"open('/{place}/x/y')\n"})
        for place in ("home", "root", "tmp", "work")],
    "man_pages": [("dais.1:4", spoiled("man/dais.1", ".Os\n", ".Oz\n"))],
    "no_sleep": [
        ("test_good.c:9", spoiled("tests/unit/test_good.c", "    state_seen =",
                                  "    sleep(1);\n    state_seen =")),
        ("test_good.c:9", spoiled("tests/unit/test_good.c", "    state_seen =",
                                  "    poll(NULL, 0, 10);\n    state_seen =")),
        ("wait:4", {"tests/wait": SHELL + "sleep 1\n"}),
        ("wait:4", {"tests/wait": SHELL + "while :; do sleep 1; done\n"}),
        ("tool.py:4", {"tests/tool.py": PYTHON + "import time\ntime.sleep(1)\n"}),
        ("judge.go:2", {"tests/judge.go": "package main\nvar x = time.Sleep(1)\n"}),
    ],
    "python_files": [
        ("tests/tool.py:3", {"tests/tool.py": PYTHON + "def broken(:\n"}),
        ("tests/tool.py:3", {"tests/tool.py": PYTHON + "text = '\\d'\n"}),
    ],
    "script_help": [
        ("does not look for", {"script/bad": SHELL}),
        ("may not be executed", {"script/bad": "# not even a first line\n"}),
        ("-h ends with 3", {"script/bad": SHELL + HELP.replace("exit 0", "exit 3")}),
        ("at least two calls",
         {"script/good": SHELL + HELP.replace("  script/good -h\\n", "")}),
    ],
    "shell_scripts": [
        ("SC2086", {"script/bad": SHELL + "ls $1\n"}),
        ("does not say", {"script/bad": SHELL.replace("pipefail", "")}),
        ("does not begin", {"script/bad.sh": SHELL.replace("/usr/bin/env ", "/bin/")}),
    ],
    "spdx": [
        ("base/bad.c:1", {"base/bad.c": "int x;\n" + LICENCE}),
        ("base/bad.def:1", {"base/bad.def": "X(1)\n"}),
        ("script/bad:1", {"script/bad": "#!/usr/bin/env bash\n"}),
        ("CMakeLists.txt:1", {"base/CMakeLists.txt": "add_library(base)\n"}),
    ],
    "stands_alone": [("tests/tool.py:3", {"tests/tool.py": PYTHON + "open('../" + "shared/x')\n"})],
    "test_comments": [
        ("test_good lacks", spoiled("tests/unit/test_good.c", "Goal: ", "")),
        ("test_good lacks", spoiled("tests/unit/test_good.c", "Method: ", "")),
        ("test_good lacks", spoiled("tests/unit/test_good.c", "one to one. */\n",
                                    "one to one. */\nstatic int other;\n")),
    ],
}
