#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""The golden logs give the recorded digests by the model, as they do by the rules in C."""

import unittest
from pathlib import Path

from model.state import standing_digest, state_digest
from replay import replay

LOGS = Path(__file__).resolve().parents[1] / "golden/logs"


class GoldenLogs(unittest.TestCase):
    """tests/golden/logs: see tests/unit/test_rules_golden.c."""

    def test_digests(self):
        """State and standing at every entry that has a line."""
        logs = sorted(LOGS.glob("*.v1.log"))
        self.assertGreater(len(logs), 7)
        for path in logs:
            lines = path.with_suffix(".digests").read_text(encoding="ascii").splitlines()
            recorded = dict(line.split(" ", 1) for line in lines)
            for entry, _, state in replay(path.read_bytes()):
                line = recorded.pop(str(entry["seq"]), None)
                if line is None:
                    continue
                now = f"{state_digest(state).hex()} {standing_digest(state).hex()}"
                self.assertEqual(now, line, f"{path.stem}, entry {entry['seq']}")
            self.assertEqual(recorded, {}, path.stem)


if __name__ == "__main__":
    unittest.main()
