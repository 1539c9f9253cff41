#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-broker as a supervisor sees it: what it is told, and how the program ends."""
import os
import signal
import socket
import sys
import tempfile
import unittest

import broker_kit as kit

PROGRAM = sys.argv.pop(1)


class Supervisor(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self.addCleanup(self.socket.close)
        self.socket.bind(f"{folder.name}/notify")
        self.socket.settimeout(kit.WAIT_MS / 1000)
        os.environ["NOTIFY_SOCKET"] = f"{folder.name}/notify"
        os.environ["WATCHDOG_USEC"] = "400000"
        self.addCleanup(os.environ.pop, "NOTIFY_SOCKET")
        self.addCleanup(os.environ.pop, "WATCHDOG_USEC")

    def until(self, wanted):
        """All messages up to the first that begins so."""
        got = []
        while not got or not got[-1].startswith(wanted):
            got.append(self.socket.recv(1000).decode())
        return got

    # Goal: ready is said once and only after the stranger was refused, life is shown while it lasts,
    # the end is said, under load as well. Method: be the supervisor; stop it in a flood.
    def test_messages(self):
        broker = kit.Broker(self, PROGRAM, front_keys=[kit.zmq.curve_keypair()[0]])
        before = self.until("READY=1")
        self.assertFalse(any(text.startswith("WATCHDOG") for text in before[:-1]))
        refused = next(n for n, line in enumerate(broker.lines) if "stranger-refused" in line)
        ready = next(n for n, line in enumerate(broker.lines) if "event=ready" in line)
        self.assertLess(refused, ready)
        self.until("WATCHDOG=1")
        self.until("WATCHDOG=1")
        net = kit.Net(self)
        client, worker = kit.Client(net, broker.door), kit.Worker(net, broker.back, b"echo", 50)
        for n in range(500):
            client.send(b"echo", kit.call(n, 10000))
        worker.request()
        self.assertEqual(broker.stop(), 0)
        rest = self.until("STOPPING=1")
        self.assertNotIn("READY=1", rest)

    # Goal: the status says what an operator wants to see. Method: the numbers of a broker that has a
    # worker and a key.
    def test_status(self):
        kit.Broker(self, PROGRAM, front_keys=[kit.zmq.curve_keypair()[0]])
        self.assertRegex(self.until("STATUS=")[-1],
                         r"^STATUS=0 workers, 1 keys, 0 waiting, 0 held, 0 KiB, 0 requests$")

    # Goal: SIGINT ends it as cleanly as SIGTERM does, SIGHUP does not end it. Method: one after the
    # other.
    def test_signals(self):
        broker = kit.Broker(self, PROGRAM)
        broker.process.send_signal(signal.SIGHUP)
        broker.wait_for("event=reload")
        broker.process.send_signal(signal.SIGINT)
        self.assertEqual(broker.process.wait(timeout=kit.WAIT_MS / 1000), 0)
        self.assertEqual(broker.stop(), 0)


if __name__ == "__main__":
    unittest.main()
