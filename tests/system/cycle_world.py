# SPDX-License-Identifier: Apache-2.0
"""A whole cycle on real sockets, disk and keys: broker, intakes, registry, publisher, and `dais` for
everybody who speaks. Everything lies in one folder of its own; ports are free ones; time comes from
a file, as the cycle is a rehearsal."""
import json
import os
import signal
import socket
import subprocess
import tempfile
import threading
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path

WAIT_S = int(os.environ.get("DAIS_TEST_WAIT_S", "60"))  # what takes longer has failed
SOURCE = Path(__file__).resolve().parents[2]
HOST = "registry.example"
VALUES = {  # of a call, where the policy leaves them open
    "required-documents": "none", "representatives-max": "no-limit", "capacity": "no-limit",
    "quota": "no-limit", "application-deadline": "call+30d", "list-min-notice": "none",
    "objection-window": "circulated..session-1d", "comment-deadline": "session",
    "withdrawable-until": "none", "decision-window": "none", "retention": "3650d",
    "ecosoc-objectable": "yes", "majority": "simple", "written-limit-words": "no-limit",
    "written-languages": "en fr"}
PROGRAMS = ("broker/dais-broker", "intake/dais-intake", "registry/dais-registry",
            "publisher/dais-publisher", "office/dais", "audit/dais-audit")


def instant(moment):
    return moment.astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.000Z")


def free_port():
    """For what is to come back at the same place."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def planted():
    """Programs with a fault, to be used in place of those of the same name (tests/trials)."""
    return json.loads(os.environ.get("DAIS_PLANTED", "{}"))


class Failed(AssertionError):
    pass


class Daemon:
    """A running daemon. Its log is read in a thread, so that one can wait for a line."""

    def __init__(self, name, program, config):
        self.name, self.program, self.config = name, program, config
        self.environment = {}  # what it gets beside the environment of the test
        self.lines = []
        self.came = threading.Condition()
        self.process = self.reader = None

    def start(self):
        self.launch()
        self.wait_for("event=ready")

    def launch(self):
        """Starts it without waiting until it is ready: it may not come to that."""
        self.lines = []
        self.process = subprocess.Popen([self.program, f"--config={self.config}"],
                                        env={**os.environ, **self.environment},
                                        stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True)
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()

    def ended(self):
        """Waits until it ends by itself and gives its exit code."""
        code = self.process.wait(timeout=WAIT_S)
        self.reader.join()
        self.process.stderr.close()
        self.process = None
        return code

    def _read(self):
        for line in self.process.stderr:
            with self.came:
                self.lines.append(line.rstrip())
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
            line = self.came.wait_for(found, timeout=WAIT_S)
        if not line or line[0] is None:
            raise Failed(f"{self.name}: no line with {words} in\n" +
                         "\n".join(str(each) for each in self.lines[-30:]))
        return line[0]

    def is_running(self):
        return self.process is not None and self.process.poll() is None

    def end(self, how=signal.SIGTERM):
        """Ends it and gives its exit code; None if it was not running."""
        if self.process is None:
            return None
        if self.is_running():
            self.process.send_signal(how)
        return self.ended()


class Cycle:
    """`build` is the folder with the built programs, `name` that of the cycle; `data` is where
    daemons keep what may not get lost, by default in the folder. Without `played` time is the
    machine's own."""

    def __init__(self, build, name="dialogue-2027", policy="untoc-constructive-dialogue",
                 folder=None, begins="2027-01-10T09:00:00Z", played=True, data=None):
        self._temporary = None
        if folder is None:
            self._temporary = tempfile.TemporaryDirectory(prefix="dais-cycle-")
            folder = self._temporary.name
        self.folder, self.name, self.policy = Path(folder), name, policy
        self.clock = self.folder / "clock" if played else None
        self.limits = {"map": "1 GiB"}  # of the registry
        self.data = Path(data) if data else self.folder
        self.programs = {Path(each).name: str(Path(build).resolve() / each) for each in PROGRAMS}
        self.programs.update(planted())
        self.now = datetime.fromisoformat(begins.replace("Z", "+00:00"))
        self.daemons = {}
        self.broker_key = self.log = None
        self.environment = {"HOME": str(self.folder / "home"), "PATH": os.environ["PATH"],
                            "LC_ALL": "C", "TZ": "UTC"}
        for each in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_PRELOAD"):
            if each in os.environ:
                self.environment[each] = os.environ[each]
        for each in ("home", "rosters", "keys", "door", "back", "metrics"):
            (self.folder / each).mkdir(mode=0o750, exist_ok=True)
        for each in ("registry", "site"):
            (self.data / each).mkdir(mode=0o750, exist_ok=True)
        (self.data / "site").chmod(0o755)
        if played:
            self.set_time(self.now)
        else:
            self.now = datetime.now(timezone.utc)

    # Time.

    def set_time(self, moment):
        """All clocks of the rehearsal show this from now on."""
        draft = self.folder / ".clock"
        draft.write_text(instant(moment) + "\n")
        draft.rename(self.folder / "clock")
        self.now = moment

    def go_on(self, **how):
        self.set_time(self.now + timedelta(**how))

    # Programs.

    def run(self, program, *arguments, profile=None, stdin=b""):
        """Exit code, stdout, stderr."""
        names = dict(self.environment)
        if profile:
            names["DAIS_PROFILE"] = profile
        done = subprocess.run([self.programs[program], *map(str, arguments)], cwd=self.folder,
                              env=names, input=stdin, capture_output=True, check=False,
                              timeout=WAIT_S * 2)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def good(self, program, *arguments, **how):
        code, out, err = self.run(program, *arguments, **how)
        if code != 0:
            raise Failed(f"{program} {' '.join(map(str, arguments))}: exit {code}\n{out}{err}")
        return out

    def dais(self, profile, *arguments):
        """The objects that `dais` prints, of a call that has to succeed."""
        out = self.good("dais", *arguments, "--json", profile=profile)
        return [json.loads(line) for line in out.splitlines()]

    def send(self, profile):
        """Delivers all that is queued. What stands in the record as refused is no failure here."""
        code, out, err = self.run("dais", "send", "--json", "--progress", "none", profile=profile)
        if code not in (0, 3, 6) or '"waiting":0' not in out:
            raise Failed(f"dais send of {profile}: exit {code}\n{out}{err}")

    def said(self, profile, *arguments):
        """Queues and delivers; what the receipt of its message says."""
        queued = self.dais(profile, *arguments)
        message = next(each["id"] for each in queued if "id" in each)
        self.send(profile)
        rows = self.dais(profile, "receipts", "--offline")
        return next(row for row in rows if row.get("id") == message)

    def say(self, profile, *arguments):
        """The same for what has to be accepted."""
        row = self.said(profile, *arguments)
        if set(row["verdicts"]) - {"accepted", "awaits-second"}:
            raise Failed(f"{profile} {arguments}: {row}")
        return row

    # Setting up.

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return path

    def _daemon(self, name, config, program=None):
        path = self.write(f"{name}.zpl", config +
                          f'metrics\n    file = "{self.folder}/metrics/{name}.prom"\n')
        self.daemons[name] = Daemon(name, self.programs[program or f"dais-{name}"], path)

    def configure(self, intakes=("intake",), port="*"):
        folder = self.folder
        self.broker_key = self.good("dais-broker", f"--make-key={folder}/keys/broker").strip()
        self._daemon("broker", f'''front
    endpoint = "tcp://127.0.0.1:{port}"
    secret-key = "{folder}/keys/broker"
    rosters = "{folder}/rosters"
door
    endpoint = "ipc://{folder}/door/broker"
back
    endpoint = "ipc://{folder}/back/broker"
''')
        for name in intakes:
            self.keys(name, "intake")
            self._daemon(name, f'''service = "{name}"
key = "{folder}/keys/{name}.secret"
rosters = "{folder}/rosters"
broker
    back = "ipc://{folder}/back/broker"
    door = "ipc://{folder}/door/broker"
spool
    folder = "{self.data}/{name}"
    size = "1 GiB"
    disk-floor = "1 MiB"
    ballast = "0"
    forget-after = "1 s"
    create = yes
{f'clock{chr(10)}    file = "{self.clock}"' if self.clock else ""}
''', "dais-intake")
        limits = "".join(f'    {name} = "{value}"\n' for name, value in self.limits.items())
        self._daemon("registry", f'''data = "{self.data}/registry"
rosters = "{folder}/rosters"
{f'clock-file = "{self.clock}"' if self.clock else ""}
broker
    endpoint = "ipc://{folder}/back/broker"
limits
{limits}''')
        self._daemon("publisher", f'''genesis = "{folder}/genesis"
site
    folder = "{self.data}/site"
    interval = "100 ms"
broker
    door = "ipc://{folder}/door/broker"
serve
    port = "0"
    port-file = "{folder}/port"
''')

    def keys(self, name, role, *more):
        self.dais(None, "keygen", name, "--role", role, "--folder", "keys", *more)

    def registry(self, *arguments):
        return self.good("dais-registry", *arguments, "--config", self.folder / "registry.zpl")

    def create(self):
        """Keys of the cycle, genesis by the secretariat, entry 0."""
        folder = self.folder
        self.keys("sec", "secretariat")
        self.write("cycle.keys",
                   self.registry("cycle", "prepare", self.name, "--host", HOST, "--rehearsal"))
        self.dais(None, "cycle", "draft", "--policy", SOURCE / "policies" / f"{self.policy}.zpl",
                  "--keys", "cycle.keys", "--secret", "keys/sec.secret", "--identity",
                  "keys/sec.identity", "--holder", "A. Person", "-o", "genesis")
        self.registry("cycle", "create", folder / "genesis")
        self.registry("roster", "export", self.name, folder / "rosters" / f"{self.name}.roster")
        roster = (folder / "rosters" / f"{self.name}.roster").read_text().splitlines()
        self.log = next(line.split()[1] for line in roster if line.startswith("log "))

    def profile(self, name, endpoint, intake=None):
        """`intake`: the one that it sends to; None for all there are. The exported roster, once there
        is one, says who the intakes are."""
        roster = self.folder / "rosters" / f"{self.name}.roster"
        log = roster if roster.exists() else self.log
        self.dais(None, "profile", "add", name, "--secret", f"keys/{name}.secret", "--identity",
                  f"keys/{name}.identity", "--genesis", "genesis", "--log", log, "--broker",
                  endpoint, "--broker-key", self.broker_key,
                  *(("--clock", self.clock) if self.clock else ()),
                  *(word for each in self.daemons
                    if each.startswith("intake") and intake in (None, each)
                    for word in ("--intake", each)))

    def first_roster(self, people):
        """Enters everybody in the roster on the registry's host; (name, role, State or None, holder)."""
        self.profile("sec", self.endpoint())
        for name, role, state, holder in people:
            if not (self.folder / "keys" / f"{name}.identity").exists():
                self.keys(name, role, *(("--state", state) if state else ()))
            self.dais("sec", "roster", "add", "--identity", f"keys/{name}.identity", "--holder",
                      holder)
        self.dais("sec", "outbox", "parcel", "-o", "roster.parcel")
        self.registry("cycle", "admit", self.name, self.folder / "roster.parcel")
        self.registry("roster", "export", self.name,
                      self.folder / "rosters" / f"{self.name}.roster")

        self.read_rosters()

    def read_rosters(self):
        """Has broker and intakes read the exported rosters again, as their units do on reload."""
        for name, daemon in self.daemons.items():
            if (name == "broker" or name.startswith("intake")) and daemon.is_running():
                seen = len(daemon.lines)
                daemon.process.send_signal(signal.SIGHUP)
                daemon.wait_for("event=reload", start=seen)

    def open_cycle(self, who):
        """A call with a session in 90 days, and the cycle is open; when the session begins."""
        values = self.write("values.zpl", "".join(
            f'{key}\n    value = "{value}"\n    confirmed = assumed\n    source = "the call"\n'
            for key, value in VALUES.items()))
        session = self.now + timedelta(days=90)
        dates = (("session-starts", session), ("session-ends", session + timedelta(hours=8)),
                 ("archives", session + timedelta(days=200)),
                 ("retention", session + timedelta(days=3650)))
        call = self.say(who, "cycle", "call", "--title", "Dialogue 2027", "--meeting", "D-2027",
                        "--session", "wg6:Working group", "--state", "XA", "--state", "XB",
                        "--values", values, *(word for name, at in dates
                                              for word in ("--date", f"{name}={instant(at)}")))
        self.say(who, "cycle", "open", "--call", call["seq"])
        return session

    # Running.

    def start(self, *names):
        for name in names or ("broker", "registry",
                              *(each for each in self.daemons if each.startswith("intake")),
                              "publisher"):
            self.daemons[name].start()

    def endpoint(self):
        line = self.daemons["broker"].wait_for("event=door", "tcp://")
        return f"tcp://127.0.0.1:{line.rsplit(':', 1)[1].strip(chr(34))}"

    def log_key(self):
        """The log's key, from the page that says how to verify."""
        page = self.data / "site" / self.name / "verify.html"
        self.settle(page.exists)
        return next(part.split("</code>")[0] for part in page.read_text().split("<code>")
                    if part.startswith(("rehearsal/", HOST)))

    def settle(self, what, seconds=WAIT_S):
        """Waits until what() is true; it is asked again and again, as people reload a page."""
        end = time.monotonic() + seconds
        pause = threading.Event()
        while not what():
            if time.monotonic() > end:
                raise Failed(f"it did not come to it: {what}")
            pause.wait(0.05)

    def close(self):
        """Ends all daemons; each has to end well."""
        bad = []
        for name in ("publisher", *(each for each in self.daemons if each.startswith("intake")),
                     "registry", "broker"):
            daemon = self.daemons.get(name)
            running = daemon is not None and daemon.process is not None
            try:
                code = daemon.end() if running else 0
            except subprocess.TimeoutExpired:
                code = f"{daemon.end(signal.SIGKILL)}, as it did not end when asked"
            if code != 0:
                bad.append(f"{name} ended with {code}:\n" +
                           "\n".join(str(line) for line in daemon.lines[-20:]))
        if self._temporary:
            self._temporary.cleanup()
        if bad:
            raise Failed("\n".join(bad))
