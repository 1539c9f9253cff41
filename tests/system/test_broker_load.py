#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-broker under those who take too much: others are served, memory stays within its bound."""
import sys
import unittest

import broker_kit as kit

PROGRAM = sys.argv.pop(1)
MIB = 1 << 20
SLACK_KIB = 24 * 1024  # the program itself, and what malloc keeps between what it gives back
SMALL = "queue\n    bytes = 8 MiB\n    client-bytes = 6 MiB\nanswers\n    bytes = 8 MiB\n"


def sender(body):
    """Who made this call: the first byte of its id."""
    return kit.opened(body)[1][0]


def numbered(who, n, size=0):
    return kit.call((who << 120) + n, size)


class Load(unittest.TestCase):
    def broker(self, settings="", keys=None):
        self.broker_ = kit.Broker(self, PROGRAM, front_keys=keys, settings=settings)
        self.net = kit.Net(self)
        return self.broker_

    def settle(self, client):
        """All that the client has sent so far has been taken in, or turned away."""
        client.send(b"mmi.service", b"x")
        turned_away = 0
        while True:
            _, service, (body,) = client.receive()
            if service == b"mmi.service":
                return turned_away
            self.assertEqual(kit.opened(body)[2], "busy")
            turned_away += 1

    # Goal: who floods waits behind its own requests. Method: 900 requests of one client are waiting
    # when another asks once: it is served second, or third if one was under way already.
    def test_flood(self):
        broker = self.broker()
        flood, other = (kit.Client(self.net, broker.door) for _ in range(2))
        for n in range(900):
            flood.send(b"slow", numbered(1, n))
        self.assertEqual(self.settle(flood), 0)
        other.send(b"slow", numbered(2, 0))
        self.settle(other)
        worker = kit.Worker(self.net, broker.back, b"slow")
        served = []
        while 2 not in served:
            address, (body,) = worker.request()
            served.append(sender(body))
            worker.final(address, body)
        self.assertLessEqual(len(served), 3)
        self.assertEqual(other.receive()[2], [numbered(2, 0)])

    # Goal: many connections of one key count as one client. Method: twenty of the one, one of the
    # other, each with requests waiting; they are served in turns.
    def test_flood_by_many_connections(self):
        pairs = [kit.zmq.curve_keypair() for _ in range(2)]
        broker = self.broker(keys=[pair[0] for pair in pairs])
        many = [kit.Client(self.net, broker.front(), broker.public_key, pairs[0])
                for _ in range(20)]
        other = kit.Client(self.net, broker.front(), broker.public_key, pairs[1])
        for n in range(10):
            for client in many:
                client.send(b"slow", numbered(1, n))
            other.send(b"slow", numbered(2, n))
        for client in (*many, other):
            self.assertEqual(self.settle(client), 0)
        worker = kit.Worker(self.net, broker.back, b"slow")
        served = []
        for _ in range(18):
            address, (body,) = worker.request()
            served.append(sender(body))
            worker.final(address, body)
        self.assertEqual(served.count(2), 9)

    # Goal: over the byte budget the answer is busy, and memory stays under what is stated: both
    # budgets, and for each connection what libzmq reads ahead. Method: 16 clients send 20 bundles of
    # 1 MiB each to a service that nobody serves.
    def test_memory_of_requests(self):
        pairs = [kit.zmq.curve_keypair() for _ in range(16)]
        broker = self.broker(settings=SMALL, keys=[pair[0] for pair in pairs])
        clients = [kit.Client(self.net, broker.front(), broker.public_key, pair)
                   for pair in pairs]
        before_kib = broker.memory_kib("VmRSS")
        for n in range(20):
            for who, client in enumerate(clients):
                client.send(b"nobody", numbered(who, n, MIB - 100))
        turned_away = sum(self.settle(client) for client in clients)
        self.assertGreaterEqual(turned_away, 16 * 20 - 8)
        bound_kib = (8 + 8) * 1024 + len(clients) * 3 * (MIB + 65536) // 1024 + SLACK_KIB
        broker.check_memory(self, f"requests, {before_kib} KiB before", bound_kib)

    # Goal: a client that never reads costs its own answers, and others are served. Method: it asks
    # for 400 answers of 256 KiB; another client asks all the time and reads; the peak is measured.
    def test_client_that_never_reads(self):
        broker = self.broker(settings=SMALL)
        deaf, other = (kit.Client(self.net, broker.door) for _ in range(2))
        deaf.socket.close()
        deaf.socket = self.net.socket(kit.zmq.DEALER)
        deaf.socket.rcvhwm = 1
        deaf.socket.rcvbuf = 4096
        deaf.socket.connect(broker.door)
        worker = kit.Worker(self.net, broker.back, b"echo", credits=4)
        for n in range(400):
            deaf.send(b"echo", numbered(1, n))
            other.send(b"echo", numbered(2, n))
            waiting = 1
            while waiting:
                address, (body,) = worker.request()
                if sender(body) == 2:
                    waiting -= 1
                    worker.final(address, body)
                else:
                    worker.final(address, numbered(1, n, 262144))
            self.assertEqual(other.receive()[2], [numbered(2, n)])
        bound_kib = (8 + 8) * 1024 + 2 * 17 * 256 + SLACK_KIB
        broker.check_memory(self, "answers", bound_kib)

    # Goal: the order of one client is kept through a worker with many credits. Method: 3,000
    # requests; the worker sees them in the order in which they were sent.
    def test_order(self):
        broker = self.broker()
        client = kit.Client(self.net, broker.door)
        worker = kit.Worker(self.net, broker.back, b"echo", credits=64)
        got = []
        for start in range(0, 3000, 500):
            for n in range(start, start + 500):
                client.send(b"echo", numbered(1, n))
            for _ in range(500):
                address, (body,) = worker.request()
                got.append(int.from_bytes(kit.opened(body)[1][1:], "big"))
                worker.final(address, body)
        self.assertEqual(got, list(range(3000)))


if __name__ == "__main__":
    unittest.main()
