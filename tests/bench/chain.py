#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""The whole chain: an office with CURVE, broker, intake, registry, and the receipts back in the
office's hands, on real sockets, keys and disk; beside PostgreSQL and bare LMDB on the same disk in the
same run. tests/bench/bench_chain.c is the office. Called by script/bench chain."""
import argparse
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from datetime import timedelta, timezone
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "system"))
import cycle_world  # noqa: E402

PEOPLE = (("desk", "secretariat", None, "B. Person"), ("office", "office", None, "Office East"),
          ("intake", "intake", None, "Intake"))
VALUES = {
    "required-documents": "none", "representatives-max": "no-limit", "capacity": "no-limit",
    "quota": "no-limit", "application-deadline": "call+30d", "list-min-notice": "none",
    "objection-window": "circulated..session-1d", "comment-deadline": "session",
    "withdrawable-until": "none", "decision-window": "none", "retention": "3650d",
    "ecosoc-objectable": "yes", "majority": "simple", "written-limit-words": "no-limit",
    "written-languages": "en fr"}
DAEMONS = ("broker", "intake", "registry")
COLUMNS = ("generator", *DAEMONS)
# name, messages a bundle, bundles in flight, share of --messages, aims: a second at first and further
LOADS = {"bundles": (256, 16, 1.0, 50000, 100000),
         "singles": (1, 64, 0.1, 5000, 10000),
         "singles-256": (1, 256, 0.1, None, 12000)}
LATENCY_AIMS_MS = (4, 10)


class Quiet(cycle_world.Daemon):
    """A daemon that logs into a file, as reading its lines takes more time than writing them."""

    def start(self):
        with open(self.path(), "wb") as log:
            self.process = subprocess.Popen([self.program, f"--config={self.config}"],
                                            stderr=log, stdin=subprocess.DEVNULL)
        self.wait_for("event=ready")

    def path(self):
        return Path(self.config).with_suffix(".log")

    def wait_for(self, *words, start=0):
        pause, end = threading.Event(), time.monotonic() + cycle_world.WAIT_S
        while time.monotonic() < end and self.is_running():
            for line in self.path().read_text().splitlines()[start:]:
                if all(word in line for word in words):
                    return line
            pause.wait(0.05)
        raise cycle_world.Failed(f"{self.name}: {self.path().read_text()[-2000:]}")

    def end(self, how=cycle_world.signal.SIGTERM):
        if self.process is None:
            return None
        if self.is_running():
            self.process.send_signal(how)
        code, self.process = self.process.wait(timeout=cycle_world.WAIT_S), None
        return code


class Chain:
    """A cycle that takes applications, and its daemons."""

    def __init__(self, build):
        self.build = Path(build).resolve()
        self.world = world = cycle_world.Cycle(
            build, name="dialogue-bench", played=False,
            folder=tempfile.mkdtemp(prefix="dais-bench-", dir=os.environ.get("TMPDIR", "/var/tmp")))
        world.limits = {"map": "64 GiB", "quota": "1000000000"}
        world.configure()
        for name in DAEMONS:
            daemon = world.daemons[name]
            world.daemons[name] = Quiet(name, daemon.program, daemon.config)

    def start(self):
        world = self.world
        world.start("broker")
        world.create()
        world.first_roster(PEOPLE)
        for name in ("desk", "office"):
            world.profile(name, world.endpoint())
        world.start("registry", "intake")
        self.open_cycle()

    def open_cycle(self):
        world, day = self.world, timedelta(days=1)

        def local(days):
            return (world.now + days * day).astimezone(timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
        values = world.write("values.zpl", "".join(
            f'{key}\n    value = "{value}"\n    confirmed = assumed\n    source = "the call"\n'
            for key, value in VALUES.items()))
        call = world.say("desk", "cycle", "call", "--title", "Dialogue", "--meeting", "D-1",
                         "--session", "wg6:Working group", "--state", "XA", "--values", values,
                         "--date", f"session-starts={local(90)}",
                         "--date", f"session-ends={local(91)}",
                         "--date", f"archives={local(300)}", "--date", f"retention={local(3650)}")
        world.say("desk", "cycle", "open", "--call", call["seq"])

    def run(self, per_bundle, in_flight, messages, half):
        world = self.world
        pids = [f"{name}={world.daemons[name].process.pid}" for name in DAEMONS]
        out = subprocess.run(
            [self.build / "tests/bench/bench_chain", "run", world.endpoint(), world.broker_key,
             world.log, world.folder / "genesis", world.folder / "keys/office", "intake",
             *map(str, (per_bundle, in_flight, messages, half)), *pids],
            stdout=subprocess.PIPE, check=False)
        if out.returncode != 0:
            tails = [f"{name}: {world.daemons[name].path().read_text()[-1500:]}" for name in DAEMONS]
            raise cycle_world.Failed("the load generator failed\n" + "\n".join(tails))
        return json.loads(out.stdout)

    def restart(self, cold):
        """Ends the registry and starts it again; seconds until it is ready, and MiB that are
        resident then besides mapped files. Cold: nothing of its store is in memory before."""
        registry = self.world.daemons["registry"]
        registry.end()
        store = next((self.world.folder / "registry").glob("*/store/data.mdb"))
        with open(store, "rb") as file:
            os.fsync(file.fileno())
            if cold:
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        before = time.monotonic()
        registry.start()
        seconds = time.monotonic() - before
        status = Path(f"/proc/{registry.process.pid}/status").read_text().splitlines()
        own = sum(int(line.split()[1]) for line in status if line.startswith("RssAnon"))
        return seconds, own / 1024, store.stat().st_size

    def close(self):
        try:
            self.world.close()
        finally:
            shutil.rmtree(self.world.folder)


def lmdb(build, folder, per_commit, seconds=4):
    """Records of 1 KiB, so many a commit."""
    with tempfile.TemporaryDirectory(dir=folder) as place:
        out = subprocess.run([Path(build) / "tests/bench/bench_chain", "lmdb", place, str(seconds),
                              str(per_commit)], stdout=subprocess.PIPE, check=True)
    return json.loads(out.stdout)


def postgres_programs():
    for each in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (each / "initdb").exists() and (each / "pgbench").exists():
            return each
    return None


class Postgres:
    """A server of its own as the distribution sets it up, in a folder of its own, without TCP."""

    def __init__(self, folder):
        self.programs = postgres_programs()
        self.folder = Path(tempfile.mkdtemp(dir=folder))
        self.who = {}
        if os.getuid() == 0:  # it refuses to run as root
            nobody = pwd.getpwnam("nobody")
            self.who = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": []}
            os.chown(self.folder, nobody.pw_uid, nobody.pw_gid)
        self.server = None

    def run(self, program, *arguments, **how):
        return subprocess.run([self.programs / program, *arguments], check=True, cwd=self.folder,
                              stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                              **self.who, **how).stdout

    def start(self):
        self.run("initdb", "-A", "trust", "-U", "bench", "--locale=C", "-E", "UTF8", "data")
        log = open(self.folder / "log", "wb")
        self.server = subprocess.Popen(
            [self.programs / "postgres", "-D", "data", "-k", self.folder, "-c",
             "listen_addresses="], cwd=self.folder, stdout=log, stderr=log, **self.who)
        log.close()
        pause, end = threading.Event(), time.monotonic() + cycle_world.WAIT_S
        while time.monotonic() < end:
            if subprocess.run([self.programs / "pg_isready", "-q", "-h", self.folder],
                              check=False).returncode == 0:
                return
            pause.wait(0.1)
        raise cycle_world.Failed((self.folder / "log").read_text())

    def measure(self, clients, seconds):
        """One insert of 1 KiB a transaction, each durable before it is answered."""
        where = ("-h", str(self.folder), "-U", "bench", "postgres")
        self.run("psql", "-q", "-c", "CREATE TABLE entries (seq bigserial PRIMARY KEY, body bytea)",
                 *where)
        script = self.folder / "insert.sql"
        script.write_text("INSERT INTO entries (body) VALUES ('" + "x" * 1024 + "');\n")
        script.chmod(0o644)
        out = self.run("pgbench", "-n", "-M", "prepared", "-c", str(clients), "-j", "2", "-T",
                       str(seconds), "-f", str(script), *where)
        rate = next(float(line.split()[2]) for line in out.splitlines() if line.startswith("tps"))
        count = int(self.run("psql", "-At", "-c", "SELECT count(*) FROM entries", *where))
        return {"seconds": count / rate, "messages": count}

    def close(self):
        """Ends it; what it and its clients' processes took of the processor, in seconds."""
        used = 0.0
        if self.server:
            self.server.send_signal(cycle_world.signal.SIGINT)
            _, status, usage = os.wait4(self.server.pid, 0)
            self.server.returncode = os.waitstatus_to_exitcode(status)
            used = usage.ru_utime + usage.ru_stime
        shutil.rmtree(self.folder)
        return used


def postgres(folder, seconds):
    server = Postgres(folder)
    try:
        server.start()
        result = server.measure(64, seconds)
    finally:
        used = server.close()
    result["postgres_us"] = used * 1e6 / result["messages"]
    return result


def rate(result):
    return result["messages"] / result["seconds"]


def verdict(value, *aims, higher=True):
    """'met' or 'MISSED' for each aim."""
    words = []
    for aim in aims:
        if aim is not None:
            good = value >= aim if higher else value <= aim
            words.append(f"{'>=' if higher else '<='} {aim:,} {'met' if good else 'MISSED'}")
    return "; ".join(words)


def print_bare(name, result, note):
    took = next(value for key, value in result.items() if key.endswith("_us"))
    print(f"{name:34} {rate(result):>10,.0f}  {result['seconds']:>6.1f} s  {took:7.2f} us  {note}",
          flush=True)


def print_load(name, load, result, beside):
    per_bundle, in_flight, _, first, further = load
    full, half = result["full"], result.get("half")
    if full["accepted"] != full["messages"]:
        raise cycle_world.Failed(f"{full['messages'] - full['accepted']} messages not accepted")
    print(f"\n{name}: {per_bundle} a bundle, {in_flight} bundles in flight, run of "
          f"{full['messages']:,}; receipts of {full['checked']:,} bundles checked in full, "
          f"{full['asks']:,} questions for receipts; load {os.getloadavg()[0]:.1f}")
    print(f"  {rate(full):>10,.0f} receipted messages/s in {full['seconds']:.1f} s   "
          f"{verdict(rate(full), first, further)}")
    for other, their in beside:
        print(f"  {rate(full) / rate(their):>10.2f} times {other}")
    print("  CPU, us a message: " +
          ", ".join(f"{each} {full[each + '_us']:.2f}" for each in COLUMNS) +
          f"; daemons together {sum(full[each + '_us'] for each in DAEMONS):.2f}")
    if half:
        median, high, highest = half["receipt_ms"]
        print(f"  at half load, {rate(half):,.0f}/s for {half['seconds']:.1f} s: receipt p50 "
              f"{median:.2f} ms ({verdict(median, LATENCY_AIMS_MS[0], higher=False)}), p99 "
              f"{high:.2f} ms ({verdict(high, LATENCY_AIMS_MS[1], higher=False)}), at most "
              f"{highest:.2f} ms; stamp p50 {half['stamp_ms'][0]:.2f} ms, p99 "
              f"{half['stamp_ms'][1]:.2f} ms", flush=True)


def print_start(bench, entries):
    for cold in (False, True):
        seconds, own, size = bench.restart(cold)
        print(f"  registry started on {entries:,} entries, {size / 2**20:,.0f} MiB of store"
              f"{', none of it in memory' if cold else ''}: ready after {seconds:.2f} s "
              f"({verdict(seconds, 1, higher=False)}), {own:.1f} MiB resident besides mapped pages "
              f"({verdict(own, 64, higher=False)})", flush=True)


def chain(build, name, arguments, beside):
    load = LOADS[name]
    per_bundle, in_flight, share = load[:3]
    messages = max(int(arguments.messages * share) // per_bundle, 1) * per_bundle
    half = 0 if arguments.no_latency else messages // 3 // per_bundle * per_bundle
    bench = Chain(build)
    try:
        bench.start()
        disk = lmdb(build, bench.world.folder, 1, 2)
        result = bench.run(per_bundle, in_flight, messages, half)
        print_load(name, load, result, [*beside, ("bare LMDB, 1 a commit, just before", disk)])
        if per_bundle > 1:
            print_start(bench, sum(part["messages"] for part in result.values()
                                   if isinstance(part, dict)))
    finally:
        bench.close()


def disk(folder):
    out = subprocess.run(["df", "--output=fstype", folder], stdout=subprocess.PIPE, check=True)
    kind = out.stdout.decode().split()[-1]
    return "no disk (tmpfs): what the processor alone allows" if kind == "tmpfs" else kind


def read_arguments():
    parser = argparse.ArgumentParser(prog="script/bench chain", description=__doc__)
    parser.add_argument("build", help=argparse.SUPPRESS)
    parser.add_argument("--messages", type=int, default=300000,
                        help="in bundles; singly a tenth of it (default: 300000)")
    parser.add_argument("--only", action="append", choices=("lmdb", "postgres", *LOADS),
                        help="leave out all others; may be given several times")
    parser.add_argument("--no-latency", action="store_true", help="leave out the runs at half load")
    return parser.parse_args()


def main():
    arguments = read_arguments()
    wanted = arguments.only or ("lmdb", "postgres", *LOADS)
    folder = os.environ.get("TMPDIR", "/var/tmp")
    beside = []
    print(f"1 KiB of content in each message; each durable before it is answered, on {disk(folder)}. "
          f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}.\n")
    print(f"{'beside':34} {'a second':>10}  {'run':>8}  {'CPU each':>10}", flush=True)
    for per_commit in (1, 16, 128, 1024) if "lmdb" in wanted else ():
        result = lmdb(arguments.build, folder, per_commit)
        name = f"bare LMDB, {per_commit} a commit"
        print_bare(name, result, "")
        beside.append((name, result))
    if "postgres" in wanted and postgres_programs() is None:
        print("PostgreSQL: not installed; script/bootstrap bench")
    elif "postgres" in wanted:
        result = postgres(folder, 8)
        name = "PostgreSQL, 64 clients"
        print_bare(name, result, "one insert a commit; CPU of the server alone")
        beside.append((name, result))
    for name in LOADS:
        if name in wanted:
            chain(arguments.build, name, arguments, beside)


if __name__ == "__main__":
    main()
