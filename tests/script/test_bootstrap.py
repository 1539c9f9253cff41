#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""script/bootstrap against a package system made of scripts, which write down each call."""
import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

BOOTSTRAP = Path(__file__).resolve().parents[2] / "script/bootstrap"
TOOLS = ("bash", "env", "basename", "dirname", "cat", "sort", "tr", "rm", "mkdir", "cp", "cmp")

# Each fake appends its own call to $CALLS. "Installed" is a list of names in $INSTALLED.
FAKES = {
    "id": 'echo "$FAKE_UID"',
    "sudo": 'echo "sudo $*" >>"$CALLS"; exec "$@"',
    "dpkg-query": """
while [ "$1" != -f ]; do shift; done
shift 2
all=" $(tr '\\n' ' ' <"$INSTALLED") "
for name in "$@"; do
    [[ $all != *" $name "* ]] || echo "$name installed"
done
exit 1""",
    "npm": """
echo "npm $*" >>"$CALLS"
[ "$FAILING" != npm-ci ] || exit 1
while [ "$1" != --prefix ]; do shift; done
mkdir "$2/node_modules" || exit 1""",
    "apt-cache": '[ "$2" != "$UNKNOWN" ]',
    "apt-get": """
echo "apt-get $*" >>"$CALLS"
for name in "$@"; do
    [ "$name" != "$FAILING" ] || exit 100
    echo "$name" >>"$INSTALLED"
done""",
}


class Bootstrap(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.programs = self.folder / "bin"
        self.programs.mkdir()
        for name in TOOLS:
            (self.programs / name).symlink_to(shutil.which(name))
        for name, text in FAKES.items():
            (self.programs / name).write_text(f"#!{shutil.which('bash')}\n{text}\n")
            (self.programs / name).chmod(0o755)
        self.environment = {
            "PATH": str(self.programs), "CALLS": str(self.folder / "calls"),
            "INSTALLED": str(self.folder / "installed"), "FAKE_UID": "0", "UNKNOWN": "",
            "FAILING": "", "DAIS_NPM_FOLDER": str(self.folder / "npm")}
        self.installed([])

    def installed(self, names):
        (self.folder / "installed").write_text("".join(f"{name}\n" for name in names))

    def run_it(self, *arguments, **environment):
        (self.folder / "calls").write_text("")
        done = subprocess.run([BOOTSTRAP, *arguments], env=self.environment | environment,
                              cwd="/", capture_output=True, text=True, check=False)
        self.calls = (self.folder / "calls").read_text()
        self.said = done.stdout + done.stderr
        return done.returncode

    def installations(self):
        return [line for line in self.calls.splitlines()
                if line.startswith("apt-get") and " install " in line]

    def test_a_second_run_is_silent_and_calls_nothing(self):
        """Goal: nothing happens when all is there. Method: run twice, look at the second."""
        self.assertEqual(self.run_it(), 0)
        self.assertEqual(self.run_it(), 0)
        self.assertEqual((self.calls, self.said), ("", ""))

    def test_only_what_is_missing_is_installed(self):
        """Goal: no package is named needlessly. Method: take one away after a full run."""
        self.run_it("build", "test")
        names = (self.folder / "installed").read_text().split()
        self.installed(name for name in names if name != "cmake")
        self.assertEqual(self.run_it("build"), 0)
        self.assertEqual(len(self.installations()), 1)
        self.assertTrue(self.installations()[0].endswith("--no-install-recommends cmake"))
        self.assertIn("installing cmake", self.said)

    def test_the_default_is_build_and_test(self):
        """Goal: no argument means both. Method: look for a package of each, and of no other."""
        self.run_it()
        names = self.installations()[0].split()
        self.assertTrue({"gcc", "shellcheck"} <= set(names))
        self.assertNotIn("chromium", names)

    def test_a_user_goes_through_sudo(self):
        """Goal: a user with sudo can run it. Method: another user number; each call is sudo's."""
        self.assertEqual(self.run_it("browser", FAKE_UID="1000"), 0)
        self.assertEqual(self.calls.count("sudo env"), self.calls.count("apt-get -q") // 2)
        self.assertEqual(self.calls.count("sudo env"), 2)

    def test_neither_root_nor_sudo(self):
        """Goal: it says what is missing and stops. Method: no sudo there."""
        (self.programs / "sudo").unlink()
        self.assertEqual(self.run_it("browser", FAKE_UID="1000"), 4)
        self.assertIn("missing: chromium", self.said)
        self.assertEqual(self.calls, "")

    def test_no_sudo_is_needed_when_nothing_is_missing(self):
        """Goal: an ordinary user on a prepared machine is not stopped. Method: as it says."""
        self.run_it("browser")
        (self.programs / "sudo").unlink()
        self.assertEqual(self.run_it("browser", FAKE_UID="1000"), 0)

    def test_not_debian(self):
        """Goal: a clear refusal elsewhere. Method: no dpkg-query, then no apt-get."""
        for name in ("dpkg-query", "apt-get"):
            (self.programs / name).unlink()
            self.assertEqual(self.run_it(), 3)
            self.assertIn("not a Debian system", self.said)

    def test_either_name_of_a_renamed_package_will_do(self):
        """Goal: later releases are served. Method: the later name installed; then only the later
        one known to apt-cache."""
        self.run_it("build")
        names = (self.folder / "installed").read_text().replace("libmsgpack-dev", "gone").split()
        self.installed(names + ["libmsgpack-c-dev"])
        self.assertEqual(self.run_it("build"), 0)
        self.assertEqual(self.calls, "")
        self.installed(names)
        self.assertEqual(self.run_it("build", UNKNOWN="libmsgpack-dev"), 0)
        self.assertTrue(self.installations()[0].endswith(" libmsgpack-c-dev"))

    def test_a_failed_installation(self):
        """Goal: a failure of apt-get ends it with 5. Method: fail the update, then the install."""
        self.assertEqual(self.run_it("browser", FAILING="update"), 5)
        self.assertEqual(self.installations(), [])
        self.assertEqual(self.run_it("browser", FAILING="chromium"), 5)

    def test_npm(self):
        """Goal: what npm brings is installed once, as the lock file has it, and a failure leaves
        nothing half there. Method: a failing npm, a good one, then again; another lock file."""
        self.assertEqual(self.run_it("browser", FAILING="npm-ci"), 5)
        self.assertFalse((self.folder / "npm").exists())
        self.assertEqual(self.run_it("browser"), 0)
        self.assertIn("npm ci", self.calls)
        self.assertEqual(self.run_it("browser"), 0)
        self.assertEqual((self.calls, self.said), ("", ""))
        (self.folder / "npm/package-lock.json").write_text("{}")
        self.assertEqual(self.run_it("browser"), 0)
        self.assertIn("npm ci", self.calls)

    def test_an_unknown_group(self):
        """Goal: a slip is not taken for nothing to do. Method: a misspelt group."""
        self.assertEqual(self.run_it("biuld"), 2)
        self.assertIn("no group 'biuld'", self.said)


if __name__ == "__main__":
    os.umask(0o022)
    unittest.main()
