#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The other trials have teeth: each of the faults below, planted in one file of a daemon, has to be
found by the trial that is named. One of them by chance, or all with DAIS_FULL=1."""
import json
import os
import random
import re
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from planted import Build, plant  # noqa: E402

HERE = Path(__file__).resolve().parent
WAIT_S = "40"  # what would come to its end does so by then
# Answers leave in another thread, which is given the time that a real fault would need luck for.
LEAVE = "(void)usleep(20000);"
STUCK = "it did not come to it|L11"

# What is wrong, program, target, file, (what is there, what is planted)..., what finds it and says.
FAULTS = [
    ("an intake answers before its commit", "dais-intake", "tests/trials/trial-intake",
     "intake/commit.c",
     [("#include <assert.h>\n", "#include <assert.h>\n#include <unistd.h>\n"),
      ('    DAIS_CRASH_POINT("intake-signed");\n',
       "    for (size_t i = 0; i < intake->cycle_count; i++)\n"
       "        if (intake->cycles[i]->stamping && intake->cycles[i]->batch_count > 0)\n"
       f"            cycle_answer(intake, intake->cycles[i]);\n    {LEAVE}\n"
       '    DAIS_CRASH_POINT("intake-signed");\n'),
      ("        if (cycle->batch_count > 0)\n            cycle_answer(intake, cycle);\n", "")],
     "trial_kill.py", "Kill.test_at_points", STUCK),
    ("the registry says that it holds what it has not committed", "dais-registry",
     "tests/trials/trial-registry", "registry/service.c",
     [("#include <stdlib.h>\n", "#include <stdlib.h>\n#include <unistd.h>\n"),
      ("    if (err == DAIS_OK)\n        return dais_cycle_batch_end(service->cycle);\n",
       "    for (kept_t *kept = batch; kept != NULL && err == DAIS_OK; kept = kept->next)\n"
       "        err = service_reply(service, kept, DAIS_OK);\n"
       f"    {LEAVE}\n"
       "    if (err == DAIS_OK)\n        return dais_cycle_batch_end(service->cycle);\n"),
      ("    for (const kept_t *kept = batch; kept != NULL && err == DAIS_OK; kept = kept->next)\n"
       "        err = service_reply(service, kept, of_batch);\n", "")],
     "trial_kill.py", "Kill.test_at_points", STUCK),
    ("the registry signs before its commit", "dais-registry", "tests/trials/trial-registry",
     "registry/log/book.c",
     [('    DAIS_CRASH_POINT("registry-folded");\n',
       "    if (book->signed_size != book->head.frontier.size &&\n"
       "        book_guard_and_sign(book) != DAIS_OK)\n        return DAIS_ERR_IO;\n"
       '    DAIS_CRASH_POINT("registry-folded");\n')],
     "trial_kill.py", "Kill.test_at_points", "store-behind"),
    ("the fork guard is ignored", "dais-registry", "registry/dais-registry",
     "registry/log/book_verify.c",
     [("        return DAIS_ERR_STORE_BEHIND;", "        return DAIS_OK;")],
     "trial_kill.py", "Kill.test_put_back", "it serves a store that is behind"),
    ("a start does not raise the epoch", "dais-registry", "tests/trials/trial-registry",
     "registry/log/book.c", [("    book->epoch++;\n", "")],
     "trial_kill.py", "Kill.test_at_points", "one for each start"),
    ("a tick does not wait for the marks", "dais-registry", "registry/dais-registry",
     "registry/own.c", [("        t->is_marked = false;\n", "        t->err = DAIS_OK;\n")],
     "trial_outbox.py", "Outbox.test_intake_cut_off_returns", r"[1-9]\d* != 0|timely-after-tick"),
    ("the author's name is trusted over the key", "dais-registry", "registry/dais-registry",
     "registry/admit.c", [("            return DAIS_ERR_WRONG_ACTOR;", "            continue;")],
     "trial_authors.py", "Authors.test_name", "code=wrong-actor"),
    ("bundles that came before are forgotten", "dais-registry", "registry/dais-registry",
     "registry/admit.c",
     [("    return same ? DAIS_OK : DAIS_ERR_CHAIN_FORK;",
       "    return same ? DAIS_ERR_CHAIN_FORK : DAIS_ERR_CHAIN_FORK;")],
     "trial_authors.py", "Authors.test_again", "L3"),
    ("an intake believes a clock that went back", "dais-intake", "intake/dais-intake",
     "base/clock_guard.c",
     [("        guard->doubt = DAIS_CLOCK_BACK;\n    } else if",
       "        guard_anchor(guard, reading);\n    } else if")],
     "trial_clock.py", "Jump.test_clock_file", "no line with .*clock-unsure"),
    ("an outbox is not flushed", "dais", "office/dais", "base/store.c",
     [("MDB_NOTLS | (store", "MDB_NOTLS | MDB_NOSYNC | (store")],
     "trial_power.py", "Power.test_outbox", "Lists differ|dais outbox list"),
]


def run(script, test, folder, programs):
    """Exit code and words of a trial with these programs."""
    done = subprocess.run(
        [sys.executable, "-B", HERE / script, folder, test], capture_output=True, text=True,
        check=False, stdin=subprocess.DEVNULL,
        env=dict(os.environ, DAIS_PLANTED=json.dumps(programs), DAIS_TEST_WAIT_S=WAIT_S))
    return done.returncode, done.stdout + done.stderr


def main():
    """Goal: what the trials promise to find they find. Method: plant faults one by one and see each
    found by the trial that is named, in its words."""
    build, missed = Build(Path(sys.argv[1]).resolve()), 0
    faults = FAULTS if os.environ.get("DAIS_FULL") == "1" else [random.choice(FAULTS)]
    wanted = sys.argv[2:]
    for name, program, target, source, places, script, test, says in faults if not wanted else FAULTS:
        if wanted and not any(word in name for word in wanted):
            continue
        with tempfile.TemporaryDirectory(prefix="dais-planted-") as folder:
            planted = build.program(target, source, plant(source, folder, *places),
                                    Path(folder) / program)
            code, words = run(script, test, build.folder, {program: str(planted)})
        found = code == 1 and re.search(says, words) is not None
        if code == 77:
            print(f"skipped: {name}: {words.strip()}")
            continue
        missed += not found
        print(f"{'found' if found else 'MISSED'}: {name}: by {script} {test}", flush=True)
        if not found:
            print(f"exit {code}\n{words[-3000:]}")
    print(f"{missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
