# SPDX-License-Identifier: Apache-2.0
"""What the interop tests share: finding the other implementation, and writing a log for it."""
import shutil
import subprocess
import sys

SKIPPED = 77


def skip(needed):
    print(f"skipped: needs {needed}")
    sys.exit(SKIPPED)


def tool(needed, *names):
    """The path of the first of these programs that is installed; without any, the test is skipped."""
    for name in names:
        path = shutil.which(name)
        if path:
            return path
    return skip(needed)


def run(*command, **more):
    """Runs a command that has to succeed; its standard output as text."""
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True,
                          check=False, **more)
    if done.returncode != 0:
        sys.exit(f"{command[0]} failed ({done.returncode}):\n{done.stdout}{done.stderr}")
    return done.stdout


def write_log(program, folder, *sizes):
    """Has our code publish a log of these sizes in a new folder; the key to verify it with."""
    folder.mkdir()
    return run(program, folder, *sizes).strip()
