# SPDX-License-Identifier: Apache-2.0
"""What the tests of the broker share: a broker in a folder of its own, and clients and workers of
MDP/0.2 written from RFC 18 alone, which know nothing of our library."""
import os
import signal
import subprocess
import sys
import tempfile
import threading
from pathlib import Path

try:
    import msgpack
    import zmq
    import zmq.utils.z85
except ImportError:
    SYSTEM = "/usr/bin/python3"
    if sys.executable != SYSTEM and os.path.exists(SYSTEM) and "DAIS_KIT" not in os.environ:
        os.environ["DAIS_KIT"] = "1"
        os.execv(SYSTEM, [SYSTEM, "-B", *sys.argv])
    print("skipped: needs python3-zmq and python3-msgpack")
    sys.exit(77)

WAIT_MS = 20000  # what takes longer has failed
CLIENT, WORKER = b"MDPC02", b"MDPW02"
REQUEST, PARTIAL, FINAL = b"\x01", b"\x02", b"\x03"
W_READY, W_REQUEST, W_PARTIAL, W_FINAL, W_HEARTBEAT, W_DISCONNECT = (
    bytes([n]) for n in range(1, 7))


class Net:
    """Makes sockets that live until the test ends."""

    def __init__(self, test):
        self.context = zmq.Context()
        self.sockets = []
        test.addCleanup(self.end)

    def socket(self, kind):
        made = self.context.socket(kind)
        made.linger = 0
        self.sockets.append(made)
        return made

    def end(self):
        for each in self.sockets:
            each.close()
        self.context.term()


def roster(keys):
    """The text of an exported roster with these public transport keys (docs/formats.md)."""
    lines = ["dais/roster/1", "origin registry.example/test", "log " + "ab" * 32, "size 10"]
    lines += [f"key office {n:032x} {n:064x} {key.decode()}" for n, key in enumerate(keys)]
    return "\n".join(lines) + "\n"


class Broker:
    """A running dais-broker. Its log is read in a thread, so that a test can wait for a line."""

    def __init__(self, test, program, front_keys=None, settings="", config=None):
        folder = tempfile.TemporaryDirectory(prefix="dais-broker-")
        test.addCleanup(folder.cleanup)
        self.program = program
        self.folder = Path(folder.name)
        self.door = f"ipc://{self.folder}/door/broker"
        self.back = f"ipc://{self.folder}/back/broker"
        self.rosters = self.folder / "rosters"
        self.rosters.mkdir()
        self.config = self.folder / "broker.zpl"
        self.public_key = None
        front = ""
        if front_keys is not None:
            self.admit(front_keys)
            self.public_key = subprocess.run(
                [program, f"--make-key={self.folder}/key"], check=True, capture_output=True,
                timeout=60).stdout.strip()
            front = (f'front\n    endpoint = "tcp://127.0.0.1:*"\n'
                     f"    secret-key = {self.folder}/key\n    rosters = {self.rosters}\n")
        self.config.write_text(config if config is not None else
            f'{front}door\n    endpoint = "{self.door}"\nback\n    endpoint = "{self.back}"\n'
            f"{settings}")
        self.start()
        test.addCleanup(self.end)

    def admit(self, keys):
        """Replaces the exported roster, as the registry does."""
        draft = self.rosters / ".draft"
        draft.write_text(roster(keys))
        draft.rename(self.rosters / "test.roster")

    def start(self):
        self.lines = []
        self.came = threading.Condition()
        self.process = subprocess.Popen([self.program, f"--config={self.config}"],
                                        stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=self.read)
        self.reader.start()
        self.wait_for("event=ready")

    def read(self):
        for line in self.process.stderr:
            with self.came:
                self.lines.append(line)
                self.came.notify_all()
        with self.came:
            self.lines.append(None)
            self.came.notify_all()

    def wait_for(self, *words, start=0):
        """The first line of the log, from `start` on, that has all these words."""
        def found():
            for line in self.lines[start:]:
                if line is None or all(word in line for word in words):
                    return [line]
            return None
        with self.came:
            line = self.came.wait_for(found, timeout=WAIT_MS / 1000)
        if not line or line[0] is None:
            raise AssertionError(f"no log line with {words} in {self.lines}")
        return line[0]

    def front(self):
        line = self.wait_for("event=door", "tcp://")
        return f"tcp://127.0.0.1:{int(line.rsplit(':', 1)[1].strip().strip(chr(34)))}"

    def stop(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=WAIT_MS / 1000)
        self.reader.join()
        self.process.stderr.close()
        return code

    def end(self):
        """Whatever a test did, the broker is still there and ends cleanly."""
        if self.process.stderr.closed:
            return
        alive = self.process.poll() is None
        code = self.stop()
        if not alive or code != 0:
            raise AssertionError(f"the broker ended with {code}: {self.lines}")

    def check_memory(self, test, what, bound_kib):
        """The peak so far is below the bound. The sanitizers keep freed memory to look at it."""
        peak_kib = self.memory_kib("VmHWM")
        print(f"{what}: peak {peak_kib} KiB, bound {bound_kib} KiB")
        if b"__asan_init" in Path(self.program).read_bytes():
            print("skipped: with a sanitizer, memory is not judged")
        else:
            test.assertLess(peak_kib, bound_kib)

    def memory_kib(self, name):
        for line in Path(f"/proc/{self.process.pid}/status").read_text().split("\n"):
            if line.startswith(name + ":"):
                return int(line.split()[1])
        raise AssertionError(name)


class Client:
    """A DEALER that speaks MDP/Client, over ipc or with CURVE."""

    def __init__(self, made, endpoint, server_key=None, pair=None):
        self.socket = made.socket(zmq.DEALER)
        if server_key:
            self.socket.curve_serverkey = server_key
            self.socket.curve_publickey, self.socket.curve_secretkey = pair
        self.socket.connect(endpoint)

    def send(self, service, *body):
        self.socket.send_multipart([CLIENT, REQUEST, service, *body])

    def receive(self):
        """(command, service, body frames); None if nothing comes."""
        if not self.socket.poll(WAIT_MS):
            return None
        header, command, service, *body = self.socket.recv_multipart()
        assert header == CLIENT
        return command, service, body

    def ask(self, service, *body):
        self.send(service, *body)
        return self.receive()


class Worker:
    """A DEALER that speaks MDP/Worker and sends a heartbeat whenever it waits."""

    def __init__(self, made, endpoint, service, credits=1, server_key=None, pair=None):
        self.socket = made.socket(zmq.DEALER)
        if server_key:
            self.socket.curve_serverkey = server_key
            self.socket.curve_publickey, self.socket.curve_secretkey = pair
        self.socket.connect(endpoint)
        for _ in range(credits):
            self.command(W_READY, service)

    def command(self, command, *rest):
        self.socket.send_multipart([WORKER, command, *rest])

    def receive(self, wait_ms=WAIT_MS, beat_ms=50):
        """(command, rest) of the next command that is no heartbeat; None if none comes."""
        for _ in range(max(1, wait_ms // beat_ms)):
            if not self.socket.poll(beat_ms):
                self.command(W_HEARTBEAT)
                continue
            header, command, *rest = self.socket.recv_multipart()
            assert header == WORKER
            if command != W_HEARTBEAT:
                return command, rest
        return None

    def request(self):
        """(address, body frames) of the next request."""
        command, (address, empty, *body) = self.receive()
        assert (command, empty) == (W_REQUEST, b"")
        return address, body

    def final(self, address, *body):
        self.command(W_FINAL, address, b"", *body)


def call(number, size=0):
    """A body of ours: domain, call id, something. Unpack with `opened`."""
    return msgpack.packb(["dais/test/1\n", number.to_bytes(16, "big"), bytes(size)],
                         use_bin_type=True)


def opened(body):
    return msgpack.unpackb(body, raw=False)
