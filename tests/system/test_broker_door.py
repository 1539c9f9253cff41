#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Who gets through the doors of dais-broker, and what garbage at them does: nothing."""
import os
import random
import re
import shutil
import signal
import socket
import subprocess
import sys
import unittest

import broker_kit as kit
from zmq.utils.monitor import recv_monitor_message

PROGRAM = sys.argv.pop(1)
SEED = 20220527


def next_event(client, wanted, monitor=None):
    """The first event of those wanted in the life of the client's connection; fails if none comes.
    """
    monitor = monitor or client.socket.get_monitor_socket()
    try:
        while monitor.poll(kit.WAIT_MS):
            event = recv_monitor_message(monitor)["event"]
            if event in wanted:
                return event
        raise AssertionError("nothing was heard of the connection")
    finally:
        client.socket.disable_monitor()
        monitor.close()


class Front(unittest.TestCase):
    def setUp(self):
        self.pairs = [kit.zmq.curve_keypair() for _ in range(3)]
        self.broker = kit.Broker(self, PROGRAM, front_keys=[pair[0] for pair in self.pairs])
        self.net = kit.Net(self)
        self.worker = kit.Worker(self.net, self.broker.back, b"echo", credits=2)

    def client(self, pair):
        return kit.Client(self.net, self.broker.front(), self.broker.public_key, pair)

    def serve(self, client, number):
        """One request and its answer; returns the address that the worker saw."""
        client.send(b"echo", kit.call(number))
        address, body = self.worker.request()
        self.worker.final(address, *body)
        self.assertEqual(client.receive(), (kit.FINAL, b"echo", [kit.call(number)]))
        return address

    # Goal: a key of the roster is served, and the worker learns which one it was. Method: two
    # clients; the address ends in the key, whatever routing id the client claims.
    def test_admitted(self):
        for number, pair in enumerate(self.pairs[:2]):
            address = self.serve(self.client(pair), number)
            self.assertEqual(kit.zmq.utils.z85.encode(address[-32:]), pair[0])

    # Goal: a key that is in no roster is refused at the handshake, as the broker has made sure of at
    # its start. Method: a new key, and no key at all.
    def test_unknown_key(self):
        self.broker.wait_for("event=stranger-refused")
        stranger = self.client(kit.zmq.curve_keypair())
        event = next_event(stranger, (kit.zmq.EVENT_HANDSHAKE_SUCCEEDED,
                                                 kit.zmq.EVENT_HANDSHAKE_FAILED_AUTH))
        self.assertEqual(event, kit.zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        naked = kit.Client(self.net, self.broker.front())
        naked.send(b"echo", kit.call(0))
        event = next_event(naked, (kit.zmq.EVENT_HANDSHAKE_SUCCEEDED,
                                              kit.zmq.EVENT_HANDSHAKE_FAILED_NO_DETAIL,
                                              kit.zmq.EVENT_HANDSHAKE_FAILED_PROTOCOL,
                                              kit.zmq.EVENT_DISCONNECTED))
        self.assertNotEqual(event, kit.zmq.EVENT_HANDSHAKE_SUCCEEDED)
        self.serve(self.client(self.pairs[0]), 1)

    # Goal: a key that is revoked while it is connected is refused on its next message, and so is
    # what it had waiting; others go on. Method: replace the roster under a live connection.
    def test_revoked_while_connected(self):
        revoked, other = self.client(self.pairs[0]), self.client(self.pairs[1])
        self.serve(revoked, 0)
        self.serve(other, 1)
        revoked.send(b"late", kit.call(2))
        revoked.ask(b"mmi.service", b"late")  # behind it: so the one before is in the queue
        self.broker.admit([pair[0] for pair in self.pairs[1:]])
        self.broker.wait_for("event=roster-read", "keys=2")
        for number, service in ((3, b"echo"), (4, b"mmi.service")):
            command, _, (body,) = revoked.ask(service, kit.call(number))
            self.assertEqual(kit.opened(body)[:4], ["dais/refused/1\n", number.to_bytes(16, "big"),
                                                    "not-admitted", 0])
        late = kit.Worker(self.net, self.broker.back, b"late")
        self.assertEqual(kit.opened(revoked.receive()[2][0])[1:3],
                         [(2).to_bytes(16, "big"), "not-admitted"])
        self.assertIsNone(late.receive(wait_ms=200))
        self.serve(other, 5)

    # Goal: who is entered in the roster is admitted without a restart; SIGHUP reads it at once, a
    # damaged roster changes nothing, one that is gone admits nobody. Method: one after the other.
    def test_roster_changes(self):
        pair = kit.zmq.curve_keypair()
        self.broker.admit([pair[0]])
        self.broker.process.send_signal(signal.SIGHUP)
        self.broker.wait_for("event=roster-read", "keys=1")
        client = self.client(pair)
        self.serve(client, 0)
        (self.broker.rosters / "test.roster").write_text("dais/roster/1\nkey\n")
        self.broker.wait_for("event=roster-bad", "code=")
        self.serve(client, 1)
        (self.broker.rosters / "test.roster").unlink()
        self.broker.wait_for("event=roster-gone")
        command, _, (body,) = client.ask(b"echo", kit.call(2))
        self.assertEqual(kit.opened(body)[2], "not-admitted")

    def raw(self):
        port = int(self.broker.front().rsplit(":", 1)[1])
        made = socket.create_connection(("127.0.0.1", port), timeout=kit.WAIT_MS / 1000)
        self.addCleanup(made.close)
        return made

    # Goal: garbage before the handshake ends its own connection and nothing else. Method: bytes at
    # random, greetings that are cut, of other mechanisms, and right ones with garbage behind.
    def test_garbage_before_the_handshake(self):
        draw = random.Random(SEED)
        greeting = (b"\xff" + bytes(8) + b"\x7f\x03\x01" + b"CURVE".ljust(20, b"\0") + b"\0" +
                    bytes(31))
        null = greeting.replace(b"CURVE", b"NULL\0")
        plain = greeting.replace(b"CURVE", b"PLAIN")
        said = [draw.randbytes(draw.randrange(1, 3000)) for _ in range(50)]
        said += [greeting[:n] for n in range(1, 64, 7)]
        said += [null + b"\x04\x19\x05READY", plain + b"\x04\x00", b"GET / HTTP/1.0\r\n\r\n"]
        said += [greeting + bytes([4, 200]) + b"\x05HELLO" + draw.randbytes(194) for _ in range(10)]
        said += [greeting + b"\x06" + (2 ** 63 - 1).to_bytes(8, "big") + b"x" * 1000]
        said += [greeting + b"\x00\x05hello" * 100]
        for each in said:
            raw = self.raw()
            try:
                raw.sendall(each)
                raw.shutdown(socket.SHUT_WR)
            except OSError:
                pass  # it has closed on us already, which is just as well
        self.serve(self.client(self.pairs[0]), 0)

    # Goal: garbage from a key that is admitted is dropped, and the next message of the same
    # connection is served. Method: frames at random, empty ones, 10,000 of them, and 1 MiB.
    def test_garbage_after_the_handshake(self):
        draw = random.Random(SEED)
        client = self.client(self.pairs[0])
        self.serve(client, 0)
        for _ in range(100):
            client.socket.send_multipart(
                [draw.randbytes(draw.randrange(0, 50)) for _ in range(draw.randrange(1, 14))])
        client.socket.send_multipart([b""] * 10000)
        client.socket.send_multipart([kit.CLIENT, kit.REQUEST, b"echo"] + [b"x"] * 10000)
        client.socket.send(bytes(1 << 20))
        self.serve(client, 1)

    # Goal: a frame that is larger than any bundle ends its connection, not the broker. Method: 2
    # MiB; then another client.
    def test_frame_too_large(self):
        client = self.client(self.pairs[0])
        self.serve(client, 0)
        monitor = client.socket.get_monitor_socket()
        client.send(b"echo", bytes(2 << 20))
        next_event(client, (kit.zmq.EVENT_DISCONNECTED,), monitor)
        self.serve(self.client(self.pairs[1]), 1)

    # Goal: who drips is given up after its time, others are served meanwhile. Method: 50
    # connections that send one byte; each ends by itself.
    def test_drip(self):
        dripping = [self.raw() for _ in range(50)]
        for each in dripping:
            each.sendall(b"\xff")
        self.serve(self.client(self.pairs[0]), 0)
        for each in dripping:
            try:
                while each.recv(1000):
                    pass
            except ConnectionError:
                pass


class Start(unittest.TestCase):
    def run_with(self, config, folder_mode=0o700, **files):
        folder = kit.tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        os.chmod(folder.name, folder_mode)
        path = kit.Path(folder.name) / "broker.zpl"
        for name, mode in files.items():
            subprocess.run([PROGRAM, f"--make-key={folder.name}/{name}"], check=True,
                           capture_output=True, timeout=60)
            os.chmod(f"{folder.name}/{name}", mode)
        path.write_text(config.replace("HERE", folder.name))
        done = subprocess.run([PROGRAM, f"--config={path}"], capture_output=True, text=True,
                              check=False, timeout=60)
        return done.returncode, done.stderr

    # Goal: no door is on tcp in the clear, said with the place of the setting. Method: each door.
    def test_plain_tcp(self):
        for door in ("front", "door", "back"):
            code, err = self.run_with(f'{door}\n    endpoint = "tcp://127.0.0.1:*"\n')
            self.assertEqual(code, 7)
            self.assertRegex(err, r"error\[plain-tcp\]: .*broker.zpl:2:17: " + door)

    # Goal: a secret key that others can read is not used. Method: mode 0640.
    def test_exposed_key(self):
        code, err = self.run_with('front\n    endpoint = "tcp://127.0.0.1:*"\n'
                                  "    secret-key = HERE/key\n"
                                  'door\n    endpoint = "ipc://HERE/door/broker"\n'
                                  'back\n    endpoint = "ipc://HERE/back/broker"\n', key=0o640)
        self.assertEqual(code, 7)
        self.assertIn("code=exposed", err)
        self.assertRegex(err, r'event=mode-too-open door=front path="?(/\S+/key)"? mode="?0640"? '
                              r'todo="chmod 0600 \1"')

    # Goal: a socket's folder that is open to others is named, with its mode and what mends it. Method:
    # mode 0755.
    def test_open_folder(self):
        code, err = self.run_with('back\n    endpoint = "ipc://HERE/broker"\n', folder_mode=0o755)
        self.assertNotEqual(code, 0)
        self.assertIn("code=open-to-all", err)
        self.assertRegex(err, r'event=mode-too-open door=back path="?(/\S+?)"? mode="?0755"? '
                              r'todo="chmod 0750 \1"')

    # Goal: whoever asks for the settings and has no configuration learns which file is wanted. Method:
    # a path where none is.
    def test_no_configuration(self):
        for option in ("--print-config", "--check-config"):
            done = subprocess.run([PROGRAM, "--config=/nowhere/broker.zpl", option], text=True,
                                  capture_output=True, check=False, timeout=60)
            self.assertEqual((done.returncode, done.stdout), (7, ""))
            self.assertIn("error[not-found]: /nowhere/broker.zpl", done.stderr)
            self.assertRegex(done.stderr, "hint: --config FILE .* packaging/broker.zpl")

    # Goal: what is delivered is a configuration that passes, prints itself as one that passes and
    # says the same, and units, of all daemons, that systemd finds hardened. Method: check, print, check, print;
    # systemd-analyze where it is installed.
    def test_packaging(self):
        packaging = kit.Path(__file__).resolve().parents[2] / "packaging"
        folder = kit.tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        printed = kit.Path(folder.name) / "printed.zpl"

        def run(option, path):
            return subprocess.run([PROGRAM, f"--config={path}", option], check=True, text=True,
                                  capture_output=True, timeout=60).stdout
        run("--check-config", packaging / "broker.zpl")
        printed.write_text(run("--print-config", packaging / "broker.zpl"))
        self.assertEqual(run("--print-config", printed), printed.read_text())
        if shutil.which("systemd-analyze"):
            for name, bound in (("broker", 1.5), ("intake", 0.5), ("registry", 0.5),
                                ("publisher", 0.5)):
                done = subprocess.run(["systemd-analyze", "security", "--offline=true",
                                       str(packaging / f"dais-{name}.service")], check=False,
                                      text=True, capture_output=True, timeout=60)
                level = re.search(rf"exposure level for dais-{name}.service: ([0-9.]+)",
                                  done.stdout)
                print(f"dais-{name}.service: exposure {level[1]}, bound {bound}")
                self.assertLessEqual(float(level[1]), bound)

    # Goal: routing ids cannot be foretold, though libzmq draws them from a seed of time and process
    # number: a guessed one that a peer claims would end the process. Method: the first client's id of
    # several brokers that are started at once lies nowhere near the others'.
    def test_pitfall_routing_ids(self):
        net = kit.Net(self)
        ids = []
        for _ in range(4):
            broker = kit.Broker(self, PROGRAM)
            client, worker = kit.Client(net, broker.door), kit.Worker(net, broker.back, b"echo")
            client.send(b"echo", kit.call(0))
            ids.append(int.from_bytes(worker.request()[0][1:5], "big"))
        ids.sort()
        for one, next_one in zip(ids, ids[1:]):
            self.assertGreater(next_one - one, 100)

    # Goal: workers and the site's clients may be on other hosts, by listed keys alone. Method: door
    # and back on tcp with CURVE; a listed pair goes through, an unlisted one does not.
    def test_doors_on_tcp(self):
        good, bad = kit.zmq.curve_keypair(), kit.zmq.curve_keypair()
        folder = kit.tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        server_key = subprocess.run([PROGRAM, f"--make-key={folder.name}/key"], check=True,
                                    capture_output=True, timeout=60).stdout.strip()
        door = (f'    endpoint = "tcp://127.0.0.1:*"\n    secret-key = {folder.name}/key\n'
                f'    key = "{good[0].decode()}"\n')
        broker = kit.Broker(self, PROGRAM, config=f"door\n{door}back\n{door}")
        net = kit.Net(self)
        ends = [line.rsplit(":", 1)[1].strip().strip('"') for line in broker.lines
                if "event=door" in line]
        back, front = (f"tcp://127.0.0.1:{port}" for port in ends)
        stranger = kit.Client(net, front, server_key, bad)
        event = next_event(stranger, (kit.zmq.EVENT_HANDSHAKE_SUCCEEDED,
                                                 kit.zmq.EVENT_HANDSHAKE_FAILED_AUTH))
        self.assertEqual(event, kit.zmq.EVENT_HANDSHAKE_FAILED_AUTH)
        client = kit.Client(net, front, server_key, good)
        worker = kit.Worker(net, back, b"echo", 1, server_key, good)
        client.send(b"echo", kit.call(0))
        address, body = worker.request()
        self.assertEqual(address[-32:], bytes(32))
        worker.final(address, *body)
        self.assertEqual(client.receive()[2], [kit.call(0)])
        self.reread(broker, net, (back, front), server_key, (good, bad), (client, worker))

    def reread(self, broker, net, ends, server_key, pairs, before):
        """The lists of both doors are read again on SIGHUP, whole: the key that was good is refused
        with its next message, its worker is gone, and the other one goes through. A configuration
        that is not well formed changes nothing."""
        good, bad = pairs
        text = broker.config.read_text()
        for wrong in (True, False):
            seen = len(broker.lines)
            broker.config.write_text("door\n  key = 7\n" if wrong else
                                     text.replace(good[0].decode(), bad[0].decode()))
            broker.process.send_signal(signal.SIGHUP)
            if wrong:
                broker.wait_for("event=config-unread", start=seen)
                before[0].send(b"echo", kit.call(1))
                before[1].final(before[1].request()[0], kit.call(1))
                self.assertEqual(before[0].receive()[2], [kit.call(1)])
            else:
                broker.wait_for("event=keys-read", "door=back", start=seen)
        before[1].command(kit.W_HEARTBEAT)
        broker.wait_for("event=worker-gone", "not-admitted", start=seen)
        client = kit.Client(net, ends[1], server_key, bad)
        worker = kit.Worker(net, ends[0], b"echo", 1, server_key, bad)
        client.send(b"echo", kit.call(2))
        address, body = worker.request()
        worker.final(address, *body)
        self.assertEqual(client.receive()[2], [kit.call(2)])
        before[0].send(b"echo", kit.call(3))
        kind, _, body = before[0].receive()
        self.assertIn(b"not-admitted", b"".join(body))


if __name__ == "__main__":
    unittest.main()
