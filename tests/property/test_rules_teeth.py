#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The tests of what must always hold have teeth: each of the faults below, planted in a copy of one
file of the rules, has to be found by them.

Takes the folder of the build as its argument. Every fifth fault, or all of them with DAIS_FULL=1.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))

from planted import Build, plant  # noqa: E402

RULES = "registry/rules"

# What finds it, file, what stands there, what is planted. The number is the point of section 12.
FAULTS = [
    ("point 2", "move.c", "if (row->told == DAIS_TOLD_ADMITTED || row->told == "
     "DAIS_TOLD_PROVISIONAL)", "if (row->told == DAIS_TOLD_ADMITTED)"),
    ("point 2", "move.c", "cycle->attended_persons += one * attended;",
     "cycle->attended_persons += attended;"),
    ("point 3", "move_objection.c", "if (row->state == DAIS_OBJECTION_LAPSED)",
     "if (row->state == DAIS_OBJECTION_INVALID)"),
    ("point 4", "weigh.c", "return n >= threshold.numerator;", "return n > threshold.numerator;"),
    ("point 4", "weigh.c", ">= present * threshold.numerator", "> present * threshold.numerator"),
    ("point 5", "weigh.c", "DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_WINDOW);\n"
     "    dais_weigh_moot(rules, org);", "DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_WINDOW);"),
    ("leaks", "kind_application.c",
     "if (org.row.withdrawn != 0 || step->cycle_state >= DAIS_CYCLE_ENDED)",
     "if (org.row.withdrawn != 0 || step->cycle_state >= DAIS_CYCLE_ENDED ||\n"
     "        org.row.standing != 0)"),
    ("leaks", "kind_objection_end.c", "    step->target = org.number;\n    dais_row_key_t key = {{step",
     "    if (org.row.standing == 0)\n        return DAIS_VERDICT_NO_OBJECTION;\n"
     "    step->target = org.number;\n    dais_row_key_t key = {{step"),
    ("leaks", "due.c", "bool is_final = rules->cycle.settled != 0 ||",
     "bool is_final = rules->cycle.settled != 0 || row->standing != 0 ||"),
    ("point 11", "fold_frame.c",
     "if (model->state != DAIS_CYCLE_OPEN && model->state != DAIS_CYCLE_CLOSED)",
     "if (version != 1 ||\n        (model->state != DAIS_CYCLE_OPEN && model->state != "
     "DAIS_CYCLE_CLOSED))"),
    ("model", "due.c", "[DAIS_CAUSE_THRESHOLD] = DAIS_POLICY_KEY_OBJECTION_THRESHOLD,",
     "[DAIS_CAUSE_THRESHOLD] = DAIS_POLICY_KEY_OBJECTION_EFFECT,"),
    ("model", "cycle.c", "if (dais_org_is_in(&org))\n            org.row.marks |= "
     "DAIS_MARK_IN_AT_END;\n        dais_weigh_end(rules, &org);",
     "dais_weigh_end(rules, &org);\n        if (dais_org_is_in(&org))\n            "
     "org.row.marks |= DAIS_MARK_IN_AT_END;"),
    ("point 6", "kind_frame.c", "threshold.denominator == 0 || rules->cycle.settled != 0)",
     "threshold.denominator == 0)"),
    ("point 7", "dates.c", "return DAIS_VERDICT_TIMELY_AFTER_TICK;",
     "return DAIS_VERDICT_ACCEPTED;"),
    ("point 8", "move.c", "org->row.state = (uint8_t)to;\n    dais_org_touch(rules, org);",
     "org->row.state = (uint8_t)to;"),
    ("point 8", "weigh.c", "weigh_admit(rules, org, DAIS_CAUSE_EFFECT);",
     "weigh_admit(rules, org, DAIS_CAUSE_NONE);"),
    ("assert", "weigh.c", "if (org->row.state == DAIS_APPLICATION_UNOPPOSED)\n"
     "        dais_org_move(rules, org, DAIS_APPLICATION_CONTESTED, DAIS_CAUSE_THRESHOLD);\n"
     "    dais_org_move(rules, org, to, cause);", "dais_org_move(rules, org, to, cause);"),
    ("point 10", "visible_entry.c", "index < visible_withheld(visible) ? index",
     "visible_withheld(visible) == DAIS_VISIBLE_NEVER ? index"),
    ("point 12", "tally.c", "cell->number += cell[1].number;", ""),
    ("point 13", "decide.c", "if (step->who.role != dais_step_role_of(body))",
     "if (step->who.role != dais_step_role_of(body) &&\n"
     "        step->who.role != dais_step_role_of(policy->endorsement.role))"),
    ("point 1", "rules.c", "    dais_dates_load(rules);\n", ""),
    ("golden", "weigh.c", "DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_WINDOW);\n"
     "    dais_weigh_moot(rules, org);", "DAIS_APPLICATION_UNOPPOSED, DAIS_CAUSE_LIST);\n"
     "    dais_weigh_moot(rules, org);"),
    ("own", "due.c", "rules->cycle.tally_due = 0;", ""),
    ("model", "dates.c", "bool is_in = !dais_dates_is_set(rules, date) || at <",
     "bool is_in = !dais_dates_is_set(rules, date) || at <="),
    ("model", "decide.c", "3 * motion->yes >= 2 * (motion->yes + motion->no)",
     "3 * motion->yes > 2 * (motion->yes + motion->no)"),
    ("model", "weigh.c", "DAIS_APPLICATION_CONTESTED, DAIS_CAUSE_THRESHOLD);\n"
     "        if (policy", "DAIS_APPLICATION_CONTESTED, DAIS_CAUSE_EFFECT);\n        if (policy"),
]


def judge(build, fault, folder):
    """What the tests say of the fault: the exit code and all words."""
    _, name, there, planted = fault
    source = f"{RULES}/{name}"
    changed = plant(source, folder, (there, planted))
    environment = dict(os.environ, DAIS_SEQUENCES="3000", DAIS_SEED="0", DAIS_LOGS="160",
                       DAIS_PAIRS="400")
    if fault[0] == "model":
        program = build.program("tests/property/rules_logs", source, changed, folder / "logs")
        command = [sys.executable, "-B", Path(__file__).parent / "test_rules_against_model.py",
                   program]
    elif fault[0] == "golden":
        program = build.program("tests/unit/test_rules_golden", source, changed,
                                folder / "golden")
        command = [program]
    elif fault[0] == "leaks":
        program = build.program("tests/property/test_rules_leaks", fault[1], changed,
                                folder / "leaks")
        command = [program]
    else:
        program = build.program("tests/property/test_rules_sequences", fault[1], changed,
                                folder / "sequences")
        command = [program]
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True,
                         check=False)
    return run.returncode, run.stdout + run.stderr


def finding(words):
    """The line that names what does not hold."""
    for line in words.splitlines():
        if line.startswith("seed ") or "Assertion" in line:
            return line[:110]
    return "no seed is named"


def main():
    """Goal: what the property tests promise to find they find. Method: plant faults one by one and
    see each reported, with its seed, by the test that is named."""
    build = Build(sys.argv[1])
    faults = FAULTS if os.environ.get("DAIS_FULL") else FAULTS[::5]
    missed = 0
    for fault in faults:
        with tempfile.TemporaryDirectory() as folder:
            code, words = judge(build, fault, Path(folder))
        found = code != 0 and (fault[0] in words or fault[0] in ("model", "leaks", "own", "assert", "golden"))
        missed += not found
        print(f"{'found' if found else 'MISSED'}: {fault[0]}, {fault[1]}: {finding(words)}",
              flush=True)
    print(f"{len(faults)} faults planted, {missed} missed")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
