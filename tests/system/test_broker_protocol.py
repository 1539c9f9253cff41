#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-broker as those see it who know RFC 18 and RFC 8 of the ZeroMQ project and nothing of us."""
import sys
import unittest

import broker_kit as kit

PROGRAM = sys.argv.pop(1)
FAST = "    heartbeat = 200 ms\n"


class Protocol(unittest.TestCase):
    def setUp(self):
        self.broker = kit.Broker(self, PROGRAM, settings=FAST)
        self.net = kit.Net(self)

    def client(self):
        return kit.Client(self.net, self.broker.door)

    def worker(self, service=b"echo", credits=1):
        return kit.Worker(self.net, self.broker.back, service, credits)

    # Goal: a stock client and a stock worker reach each other, bodies of any number of frames.
    # Method: one to eight frames, both ways; the address is opaque and comes back as it is.
    def test_request_and_answer(self):
        client, worker = self.client(), self.worker()
        for count in range(1, 9):
            body = [b"frame %d" % n for n in range(count)]
            client.send(b"echo", *body)
            address, got = worker.request()
            self.assertEqual(got, body)
            self.assertEqual(address[-32:], bytes(32))
            worker.final(address, *reversed(body))
            self.assertEqual(client.receive(), (kit.FINAL, b"echo", body[::-1]))

    # Goal: partial answers are passed on and do not end the request. Method: two, then the last.
    def test_partial_answers(self):
        client, worker = self.client(), self.worker()
        client.send(b"echo", b"x")
        address, _ = worker.request()
        for body in (b"1", b"2"):
            worker.command(kit.W_PARTIAL, address, b"", body)
        worker.final(address, b"3")
        self.assertEqual([client.receive() for _ in range(3)],
                         [(kit.PARTIAL, b"echo", [b"1"]), (kit.PARTIAL, b"echo", [b"2"]),
                          (kit.FINAL, b"echo", [b"3"])])

    # Goal: mmi.service says who is served, other names are not implemented, and no worker may take
    # such a name. Method: ask before and after a worker registers.
    def test_mmi(self):
        client = self.client()
        self.assertEqual(client.ask(b"mmi.service", b"echo"), (kit.FINAL, b"mmi.service", [b"404"]))
        self.worker()
        self.broker.wait_for("event=worker-ready", "service=echo")
        self.assertEqual(client.ask(b"mmi.service", b"echo"), (kit.FINAL, b"mmi.service", [b"200"]))
        self.assertEqual(client.ask(b"mmi.other", b"echo"), (kit.FINAL, b"mmi.other", [b"501"]))
        self.assertEqual(self.worker(b"mmi.service").receive(), (kit.W_DISCONNECT, []))

    # Goal: a request waits for its worker. Method: send first, register then.
    def test_queued_until_served(self):
        client = self.client()
        client.send(b"late", b"x")
        worker = self.worker(b"late")
        address, body = worker.request()
        worker.final(address, *body)
        self.assertEqual(client.receive(), (kit.FINAL, b"late", [b"x"]))

    # Goal: a stock worker holds one request, one with three credits three, in order, and a FINAL
    # gives its credit back. Method: four requests; see what arrives before any answer.
    def test_credits(self):
        client = self.client()
        worker = self.worker(credits=3)
        for n in range(4):
            client.send(b"echo", kit.call(n))
        held = [worker.request() for _ in range(3)]
        self.assertEqual([kit.opened(body[0])[1][-1] for _, body in held], [0, 1, 2])
        self.assertIsNone(worker.receive(wait_ms=300))
        worker.final(held[1][0], *held[1][1])
        self.assertEqual(client.receive()[2], [kit.call(1)])
        self.assertEqual(worker.request()[1], [kit.call(3)])

    # Goal: what a worker held when it died goes to the next one, in order, and the client notices
    # nothing. Method: a worker with two credits stops answering; then another registers.
    def test_worker_dies(self):
        client, dying = self.client(), self.worker(credits=2)
        for n in range(2):
            client.send(b"echo", kit.call(n))
        for n in range(2):
            self.assertEqual(dying.request()[1], [kit.call(n)])
        dying.socket.close()
        self.broker.wait_for("event=worker-gone", "service=echo")
        worker = self.worker()
        for n in range(2):
            address, body = worker.request()
            self.assertEqual(body, [kit.call(n)])
            worker.final(address, *body)
            self.assertEqual(client.receive()[2], [kit.call(n)])

    # Goal: a request that takes two workers down with it is not given to a third; others are
    # served. Method: two workers take it and leave.
    def test_request_that_kills(self):
        client = self.client()
        client.send(b"echo", kit.call(0))
        for _ in range(2):
            worker = self.worker()
            self.assertEqual(worker.request()[1], [kit.call(0)])
            worker.command(kit.W_DISCONNECT)
        worker = self.worker()
        client.send(b"echo", kit.call(1))
        address, body = worker.request()
        self.assertEqual(body, [kit.call(1)])
        worker.final(address, *body)
        self.assertEqual(client.receive()[2], [kit.call(1)])

    # Goal: a worker that answers twice is sent away, the client has one answer, and the next
    # worker serves. Method: two FINALs for one request.
    def test_worker_answers_twice(self):
        client, worker = self.client(), self.worker()
        client.send(b"echo", kit.call(0))
        address, body = worker.request()
        worker.final(address, *body)
        worker.final(address, *body)
        self.assertEqual(worker.receive(), (kit.W_DISCONNECT, []))
        self.assertEqual(client.receive()[2], [kit.call(0)])
        worker = self.worker()
        client.send(b"echo", kit.call(1))
        address, body = worker.request()
        worker.final(address, *body)
        self.assertEqual(client.receive()[2], [kit.call(1)])

    # Goal: an answer to somebody who did not ask goes nowhere. Method: a changed address.
    def test_worker_answers_another(self):
        client, worker = self.client(), self.worker()
        client.send(b"echo", kit.call(0))
        address, body = worker.request()
        worker.final(bytes([address[0] ^ 1]) + address[1:], *body)
        self.assertEqual(worker.receive(), (kit.W_DISCONNECT, []))

    # Goal: the broker lets workers hear that it lives, and takes a silent one for dead. Method:
    # count heartbeats without sending any; then comes DISCONNECT.
    def test_heartbeats(self):
        worker = self.worker()
        commands = []
        while kit.W_DISCONNECT not in commands:
            self.assertTrue(worker.socket.poll(kit.WAIT_MS))
            commands.append(worker.socket.recv_multipart()[1])
        self.assertGreaterEqual(commands.count(kit.W_HEARTBEAT), 3)
        self.broker.wait_for("event=worker-gone", "why=silent")

    # Goal: a valid command that is not expected is answered by DISCONNECT. Method: each of them.
    def test_not_expected(self):
        for commands in ([[kit.W_HEARTBEAT]], [[kit.W_FINAL, b"who", b"", b"x"]],
                         [[kit.W_READY, b"echo"], [kit.W_READY, b"other"]],
                         [[kit.W_READY, b"echo"], [kit.W_REQUEST, b"who", b"", b"x"]]):
            worker = self.worker(credits=0)
            for command in commands:
                worker.command(*command)
            self.assertEqual(worker.receive(), (kit.W_DISCONNECT, []), commands)

    # Goal: what is not the protocol is dropped, at both doors, and who speaks it is served. Method:
    # wrong header, command, name, number of frames.
    def test_not_the_protocol(self):
        client, worker = self.client(), self.worker()
        for frames in ([b""], [b"MDPC01", b"\x01", b"echo", b"x"], [kit.CLIENT, b"\x09", b"e", b"x"],
                       [kit.CLIENT, kit.REQUEST, b"", b"x"], [kit.CLIENT, kit.REQUEST, b"echo"],
                       [kit.CLIENT, kit.FINAL, b"echo", b"x"], [b"x"] * 16):
            client.socket.send_multipart(frames)
        stranger = self.net.socket(kit.zmq.DEALER)
        stranger.connect(self.broker.back)
        for frames in ([b""], [kit.WORKER], [kit.WORKER, b"\x09"], [kit.WORKER, kit.W_READY]):
            stranger.send_multipart(frames)
        client.send(b"echo", b"x")
        address, body = worker.request()
        worker.final(address, *body)
        self.assertEqual(client.receive(), (kit.FINAL, b"echo", [b"x"]))

    # Goal: clients wait for nothing that was lost with the broker: it keeps nothing, starts again in
    # the same place and serves at once. Method: stop it with a request held, start it again.
    def test_restart(self):
        client, worker = self.client(), self.worker()
        client.send(b"echo", kit.call(0))
        worker.request()
        self.assertEqual(self.broker.stop(), 0)
        worker.socket.close()
        self.broker.start()
        client, worker = self.client(), self.worker()
        client.send(b"echo", kit.call(0))
        address, body = worker.request()
        worker.final(address, *body)
        self.assertEqual(client.receive()[2], [kit.call(0)])

    # Goal: two brokers never share a door. Method: start a second one with the same configuration.
    def test_second_broker(self):
        done = kit.subprocess.run([PROGRAM, f"--config={self.broker.config}"], check=False,
                                  capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 8)
        self.assertIn("code=address-taken", done.stderr)


class Bounds(unittest.TestCase):
    # Goal: a request that nobody takes in time is refused as busy, with its call id. Method: a
    # service without worker and a short expiry.
    def test_expiry(self):
        broker = kit.Broker(self, PROGRAM, settings="queue\n    expiry = 200 ms\n")
        client = kit.Client(kit.Net(self), broker.door)
        command, service, (body,) = client.ask(b"nobody", kit.call(7))
        refused = kit.opened(body)
        self.assertEqual((command, service), (kit.FINAL, b"nobody"))
        self.assertEqual(refused[:3], ["dais/refused/1\n", (7).to_bytes(16, "big"), "busy"])
        self.assertGreater(refused[3], 0)

    # Goal: over each bound the answer is busy, and after room is made all goes on. Method: three
    # requests where two may wait: of a client, of a service, and by bytes.
    def test_busy(self):
        for setting in ("client = 2", "service = 2"):
            with self.subTest(setting):
                broker = kit.Broker(self, PROGRAM, settings=f"queue\n    {setting}\n")
                made = kit.Net(self)
                client = kit.Client(made, broker.door)
                for n in range(3):
                    client.send(b"echo", kit.call(n))
                self.assertEqual(kit.opened(client.receive()[2][0])[1:3],
                                 [(2).to_bytes(16, "big"), "busy"])
                worker = kit.Worker(made, broker.back, b"echo")
                for n in range(2):
                    address, body = worker.request()
                    worker.final(address, *body)
                    self.assertEqual(client.receive()[2], [kit.call(n)])
                client.send(b"echo", kit.call(3))
                self.assertEqual(worker.request()[1], [kit.call(3)])

    # Goal: parked polls of one client leave room for others. Method: two may be parked; a third
    # waits though the worker has credits, another client's does not.
    def test_parked(self):
        broker = kit.Broker(self, PROGRAM, settings="queue\n    parked = 2\n")
        made = kit.Net(self)
        client, other = (kit.Client(made, broker.door) for _ in range(2))
        worker = kit.Worker(made, broker.back, b"log/wait", credits=10)
        for n in range(3):
            client.send(b"log/wait", kit.call(n))
        held = [worker.request() for _ in range(2)]
        other.send(b"log/wait", kit.call(9))
        self.assertEqual(worker.request()[1], [kit.call(9)])
        worker.final(held[0][0], *held[0][1])
        self.assertEqual(worker.request()[1], [kit.call(2)])


if __name__ == "__main__":
    unittest.main()
