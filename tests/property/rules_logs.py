# SPDX-License-Identifier: Apache-2.0
"""Logs of random sequences, asked of the program rules_logs; see rules_logs.c."""

import subprocess


class Logs:
    """One run of the program."""

    def __init__(self, program):
        # It ends when its input does.
        self.process = subprocess.Popen(  # pylint: disable=consider-using-with
            [program], stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def _ask(self, question):
        self.process.stdin.write(question.encode() + b"\n")
        self.process.stdin.flush()
        head = self.process.stdout.readline().split()
        if len(head) != 2:
            raise RuntimeError(f"rules_logs gave no answer to: {question}")
        data = self.process.stdout.read(int(head[0]))
        lines = [self.process.stdout.readline().decode().split() for _ in range(int(head[1]))]
        return data, lines

    def log(self, seed, events=None):
        """(bytes of the exported log, [verdicts, state digest, standing digest] of each entry)."""
        return self._ask(f"log {seed}{_list(events)}")

    def state(self, seed, events=None):
        """The bytes over which the digest of the state is, after all of it."""
        return self._ask(f"state {seed}{_list(events)}")[0]

    def scenario(self, seed, events=None):
        """The sequence as a scenario."""
        return self._ask(f"print {seed}{_list(events)}")[0].decode()

    def close(self):
        """Ends the program."""
        self.process.stdin.close()
        self.process.stdout.close()
        self.process.wait()


def _list(events):
    return "" if events is None else " " + (",".join(map(str, events)) or "0")
