#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""A client and a worker of RFC 18 that were not written here, at the real broker: those of the Node.js module
mdp02 (MIT), which no package index has. Where DAIS_STOCK_MDP names its folder, with the module zeromq 4 or 5 (or
what behaves as they do) where it finds it, this is run; else it is skipped."""
import os
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

import broker_kit as kit

PROGRAM = sys.argv.pop(1)
MODULE = os.environ.get("DAIS_STOCK_MDP", "")
SCRIPT = Path(__file__).with_name("stock_mdp.js")
COUNT = 300


class Stock(unittest.TestCase):
    def setUp(self):
        self.broker = kit.Broker(self, PROGRAM)

    def start(self, role, endpoint, *more):
        started = subprocess.Popen(["node", str(SCRIPT), MODULE, role, endpoint, "stock", *more],
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(started.communicate)
        self.addCleanup(started.kill)
        return started

    def client(self):
        asking = self.start("client", self.broker.door, str(COUNT))
        out, err = asking.communicate(timeout=kit.WAIT_MS / 1000 * 3)
        self.assertEqual(asking.returncode, 0, err)
        return out.splitlines()

    # Goal: a client and a worker that know nothing of us reach each other through the broker, partial
    # answers and heartbeats with them. Method: requests one after the other, each answered in five parts.
    def test_client_and_worker(self):
        self.start("worker", self.broker.back)
        self.broker.wait_for("event=worker-ready", "service=stock")
        seen = len(self.broker.lines)
        self.assertEqual(self.client(), [f"partial request {n} of 1" for n in range(COUNT, 0, -1)])
        self.assertEqual([line for line in self.broker.lines[seen:] if "worker-gone" in line], [])

    # Goal: each of the two works with what we know of the protocol as well. Method: the client at a
    # worker of ours, the worker with a client of ours.
    def test_one_of_each(self):
        net = kit.Net(self)
        worker = kit.Worker(net, self.broker.back, b"stock")
        asking = self.start("client", self.broker.door, "2")
        for number in (2, 1):
            address, body = worker.request()
            self.assertEqual(body, [f"request {number}".encode()])
            worker.final(address, b"yes")
        out, err = asking.communicate(timeout=kit.WAIT_MS / 1000)
        self.assertEqual((asking.returncode, out), (0, "yes\nyes\n"), err)
        worker.command(kit.W_DISCONNECT)
        self.start("worker", self.broker.back)
        client = kit.Client(net, self.broker.door)
        client.send(b"stock", b"body")
        parts = [client.receive() for _ in range(5)]
        self.assertEqual([part[0] for part in parts], [kit.PARTIAL] * 4 + [kit.FINAL])
        self.assertEqual(b"".join(part[2][0] for part in parts), b"partial body of 1")


if __name__ == "__main__":
    if not MODULE or not shutil.which("node"):
        print("skipped: needs node, and DAIS_STOCK_MDP with the folder of the module mdp02")
        sys.exit(77)
    unittest.main()
