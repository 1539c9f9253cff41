# SPDX-License-Identifier: Apache-2.0
"""A folder in which `dais` can be run offline: keys of all roles, a genesis, a profile for each."""
import json
import os
import subprocess
import tempfile
from pathlib import Path

ORIGIN = "registry.example/dialogue-2027"
LOG = "e8ce6aa2638ecb0d908de343af4084923753ac61ead3234bdae681f165b52434"
ORG = "01a400516a804de72480ace4b6e9a0c5"
OTHER = "01a400516a8055dcd74b1841e72429c3"
ROLES = ("office", "party", "secretariat", "chair", "bureau", "conference")
SOURCE = Path(__file__).resolve().parents[2]
POLICY = SOURCE / "policies" / "untoc-constructive-dialogue.zpl"
SAMPLE = SOURCE / "packaging" / "untoc-call-values.zpl"


class World:
    def __init__(self, dais):
        self.dais = dais
        self._folder = tempfile.TemporaryDirectory(prefix="dais-office-")
        self.folder = Path(self._folder.name)
        self.environment = {"HOME": str(self.folder), "PATH": os.environ["PATH"],
                            "LC_ALL": "C", "TZ": "Asia/Tokyo"}
        for name in ("ASAN_OPTIONS", "UBSAN_OPTIONS", "LD_PRELOAD"):
            if name in os.environ:
                self.environment[name] = os.environ[name]

    def close(self):
        self._folder.cleanup()

    def run(self, *arguments, profile=None, stdin=b"", **environment):
        """Exit code, stdout, stderr."""
        names = dict(self.environment, **environment)
        if profile:
            names["DAIS_PROFILE"] = profile
        done = subprocess.run([self.dais, *map(str, arguments)], cwd=self.folder, env=names,
                              input=stdin, capture_output=True, check=False, timeout=60)
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    def good(self, *arguments, **how):
        """The objects on stdout, of a call that has to succeed."""
        code, out, err = self.run(*arguments, "--json", **how)
        if code != 0:
            raise AssertionError(f"{arguments}: exit {code}\n{out}{err}")
        return [json.loads(line) for line in out.splitlines()]

    def write(self, name, content):
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    def keys(self, name, role, *more):
        return self.good("keygen", name, "--role", role, "--folder", ".", *more)[0]

    def cycle_keys(self, origin=ORIGIN):
        """What `dais-registry cycle prepare` writes, from keys made here."""
        keys = self.keys("registry-" + origin.replace("/", "-"), "registry", "--key-name", origin)
        identity = Path(self.folder / keys["identity"]).read_text().splitlines()
        fields = dict(line.split(" ", 1) for line in identity[1:])
        return self.write("cycle.keys", f"dais/cycle-keys/1\norigin {origin}\n"
                                        f"log {fields['key']}\nbox {fields['transport']}\n")

    def draft(self, *more):
        self.keys("sec", "secretariat")
        self.cycle_keys()
        self.write("policy.zpl", POLICY.read_bytes())
        return self.good("cycle", "draft", "--policy", "policy.zpl", "--keys", "cycle.keys",
                         "--secret", "sec.secret", "--identity", "sec.identity", "--holder",
                         "A. Person", "-o", "genesis", *more)[0]

    def profiles(self):
        """One profile for each role, called as the role; and files that examples name."""
        self.draft()
        for role in ROLES:
            name = "sec" if role == "secretariat" else role
            if role != "secretariat":
                self.keys(name, role, *(("--state", "XA") if role == "party" else ()))
            self.good("profile", "add", role, "--secret", f"{name}.secret", "--identity",
                      f"{name}.identity", "--genesis", "genesis", "--log", LOG, "--broker",
                      "tcp://127.0.0.1:1", "--broker-key",
                      "o{7/<m$BKVf]s{If%DC(8w:PHlGx0@W5riVP>XM/")
        self.write("text.txt", "1. A first paragraph of ten words, more or less so.\n")
        self.write("targets.txt", f"{ORG}\n# a comment\n{OTHER}\n")
        self.write("values.zpl", VALUES)
        return self


VALUES = "".join(f"{key}\n    value = \"{value}\"\n    confirmed = assumed\n    source = \"the call\"\n" for key, value in {
    "required-documents": "none", "representatives-max": "no-limit", "capacity": "no-limit",
    "quota": "no-limit", "application-deadline": "call+30d", "list-min-notice": "none",
    "objection-window": "circulated..session-1d", "comment-deadline": "session",
    "withdrawable-until": "none", "decision-window": "none", "retention": "3650d",
    "ecosoc-objectable": "yes", "majority": "simple", "written-limit-words": "no-limit",
    "written-languages": "en fr"}.items())
