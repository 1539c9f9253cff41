# SPDX-License-Identifier: Apache-2.0
"""Programs with a fault in one file, to see whether a test finds it. The build's own folder is not
touched: the changed file is compiled as the right one is, and the program linked anew with it."""
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def plant(source, folder, *places):
    """Writes the file into `folder` with each of the places, (what is there, what is planted),
    changed; its path."""
    text = (ROOT / source).read_text(encoding="utf-8")
    for there, planted in places:
        if text.count(there) != 1:
            raise SystemExit(f"{source}: {text.count(there)} times there, a fault has to be planted "
                             f"anew: {there}")
        text = text.replace(there, planted)
    changed = Path(folder) / Path(source).name
    changed.write_text(text, encoding="utf-8")
    return changed


class Build:
    """How the build compiles and links, asked of ninja."""

    def __init__(self, folder):
        self.folder = Path(folder)

    def _commands(self, target):
        run = subprocess.run(["ninja", "-C", self.folder, "-t", "commands", target], check=True,
                             capture_output=True, text=True)
        return [line for line in run.stdout.splitlines() if not line.startswith("ninja:")]

    def _run(self, command):
        subprocess.run(command, shell=True, check=True, cwd=self.folder)

    def program(self, target, source, changed, out):
        """Links a target anew with one of its files changed; the program."""
        commands = self._commands(target)
        ways = [line for line in commands if f"/{source} " in line + " "]
        own = f"/{Path(target).name}.dir/"  # it may have the file for itself, with other settings
        compiled = next((line for line in ways if own in line), ways[0])
        own = re.search(r"-o (\S+)", compiled).group(1)
        compiled = re.sub(r"-M[TF] \S+|-MD", "", compiled)
        compiled = re.sub(r"-o \S+", f"-o {out}.o", compiled)
        compiled = re.sub(r"-c \S+", f"-iquote {(ROOT / source).parent} -c {changed}", compiled)
        self._run(compiled)
        # In front of the library that holds the right one, which is then not looked for.
        linked = commands[-1].replace(f" {own} ", " ")
        self._run(re.sub(r"(\S+\.o) -o \S+", rf"\1 {out}.o -o {out}", linked))
        return out
