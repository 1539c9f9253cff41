#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""Shell scripts stop at the first error and are clean under shellcheck."""
import subprocess

from lib import tree

HEAD = "#!/usr/bin/env bash"


def check(root):
    report = tree.Report()
    names = []
    for path, text in tree.texts(root, tree.files(root)):
        if tree.language(path, text) != "shell":
            continue
        names.append(str(path))
        if text.startswith("# shellcheck shell=bash\n"):
            continue  # Sourced by scripts that have both lines.
        if not text.startswith(HEAD + "\n"):
            report.bad(path, 1, f"does not begin with {HEAD}")
        if "\nset -euo pipefail\n" not in text:
            report.bad(path, 1, "does not say: set -euo pipefail")
    if names:
        done = subprocess.run(["shellcheck", "--format=gcc", "--external-sources", *names],
                              cwd=root, capture_output=True, text=True, check=False)
        report.findings += (done.stdout + done.stderr).strip().split("\n") if done.returncode else []
    report.figures = f"{len(names)} scripts"
    return report


if __name__ == "__main__":
    tree.main(check)
