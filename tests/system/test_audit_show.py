#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""dais-audit show, run as a person runs it, on every golden file and on what is not well formed."""
import json
import os
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

AUDIT = sys.argv.pop(1)
EXPORTS = ("export.v1.hex", "export_public.v1.hex")
GOLDEN = Path(__file__).resolve().parents[1] / "golden"


def golden_bytes(path):
    lines = path.read_text().splitlines()
    return bytes.fromhex("".join(line for line in lines if not line.startswith("#")))


def run(*arguments):
    done = subprocess.run([AUDIT, *map(str, arguments)], capture_output=True, text=True,
                          check=False, timeout=60)
    return done.returncode, done.stdout, done.stderr


class Show(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def file(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def golden_records(self):
        """Golden files that are one record, signed or not: (name, bytes)."""
        found = 0
        for path in sorted(GOLDEN.glob("*.v1.hex")):
            content = golden_bytes(path)
            if b"dais/" in content[:8] and path.name not in ("guard_slot.v1.hex", *EXPORTS):
                found += 1
                yield path.name.removesuffix(".v1.hex"), content
        self.assertGreater(found, 15)

    # Goal: every record that we write is shown under its own name. Method: all golden files.
    def test_every_golden_record(self):
        for name, content in self.golden_records():
            with self.subTest(name):
                code, out, err = run("show", "--as", "record", self.file(name, content))
                self.assertEqual((code, err), (0, ""))
                shown = json.loads(out)
                self.assertEqual(shown["v"], "1")
                self.assertTrue(shown.get("signature_good", True))

    # Goal: a cut file is refused with a code, an offset and a hint, and exit 4. Method: every
    # golden record cut at a few places.
    def test_cut_records_are_refused(self):
        for name, content in self.golden_records():
            for size in sorted({1, len(content) // 2, len(content) - 1}):
                with self.subTest(name, size=size):
                    path = self.file(name, content[:size])
                    code, out, err = run("show", "--json", "--as", "record", path)
                    self.assertEqual(code, 4)
                    error = json.loads(out)
                    self.assertEqual(error["type"], "error")
                    self.assertTrue(error["refusal"])
                    self.assertLessEqual(int(error["offset"]), size)
                    self.assertIn(f"error[{error['code']}]: {path}", err)
                    self.assertIn("hint: ", err)

    # Goal: an exported log is shown an object a line, in order. Method: the golden export; then
    # the same cut in the middle of a frame, which shows what came before and exits with 4.
    def test_exported_log(self):
        content = golden_bytes(GOLDEN / "export.v1.hex")
        code, out, err = run("show", self.file("log.export", content))
        self.assertEqual((code, err), (0, ""))
        lines = [json.loads(line) for line in out.splitlines()]
        self.assertEqual(lines[0]["type"], "export_head")
        self.assertEqual(lines[-1]["type"], "export_end")
        entries = [line for line in lines if line["type"] == "export_entry"]
        self.assertEqual(len(entries), int(lines[0]["size"]))
        self.assertEqual([int(entry["leaf"]["seq"]) for entry in entries], list(range(len(entries))))
        code, out, err = run("show", self.file("log.export", content[:-5]))
        self.assertEqual(code, 4)
        self.assertEqual(len(out.splitlines()), len(lines) - 1)
        self.assertIn("error[truncated]", err)

    # Goal: a tile is known by its name, wherever the folder lies. Method: the golden tile under
    # its published name, one byte short, and by --as.
    def test_tile(self):
        hashes = bytes(range(96))
        path = self.file("site/tile/0/000.p/3", hashes)
        code, out, _ = run("show", path)
        self.assertEqual(code, 0)
        self.assertEqual("".join(json.loads(out)["hashes"]), hashes.hex())
        self.assertEqual(run("show", self.file("site/tile/0/000.p/4", hashes))[0], 4)
        self.assertEqual(run("show", "--as", "tile/0/000.p/3", self.file("x", hashes))[0], 0)

    # Goal: texts of C2SP are shown. Method: the golden checkpoint and receipt.
    def test_checkpoint_and_receipt(self):
        code, out, _ = run("show", self.file("checkpoint", (GOLDEN / "checkpoint.v1.txt").read_bytes()))
        self.assertEqual(code, 0)
        self.assertIn("origin", json.loads(out)["checkpoint"])
        path = self.file("r.tlog-proof", (GOLDEN / "proof.v1.txt").read_bytes())
        code, out, _ = run("show", path)
        self.assertEqual(code, 0)
        shown = json.loads(out)
        self.assertEqual(shown["type"], "tlog-proof")
        self.assertEqual(shown["extra"]["type"], "opening")

    # Goal: a secret never reaches the screen. Method: a secret file; its digits must not be shown.
    def test_secret_is_not_shown(self):
        digits = "5e" * 32
        code, out, err = run("show", self.file("k", f"dais/secret/1\nseed {digits}\n".encode()))
        self.assertEqual((code, out), (4, ""))
        self.assertIn("error[wrong-purpose]", err)
        self.assertNotIn(digits, err)

    # Goal: output is safe for a terminal. Method: every golden record; nothing but ASCII.
    def test_output_is_ascii(self):
        for name, content in self.golden_records():
            _, out, _ = run("show", self.file(name, content))
            self.assertTrue(out.isascii(), name)

    # Goal: mistakes of a tired person get help. Method: no verb, a slip, no file, two files, a
    # missing file, a folder, an unknown option, an unknown type.
    def test_mistakes(self):
        self.assertEqual(run()[0], 2)
        code, _, err = run("shwo", "x")
        self.assertEqual(code, 2)
        self.assertIn("did you mean show?", err)
        for arguments in (["show"], ["show", "a", "b"], ["show", "--frob", "a"],
                          ["show", "--as"], ["show", "--as", "cake", "a"]):
            code, out, err = run(*arguments)
            self.assertEqual((code, out), (2, ""), arguments)
            self.assertIn("hint: dais-audit show -h", err)
        code, _, err = run("show", self.folder / "absent")
        self.assertEqual(code, 1)
        self.assertIn("error[not-found]", err)
        self.assertNotIn("at byte", err)
        code, _, err = run("show", self.folder)
        self.assertEqual(code, 1)
        self.assertIn("error[file-type]", err)
        code, _, err = run("show", self.file("empty", b""))
        self.assertEqual(code, 4)
        self.assertIn("error[wrong-domain]", err)

    # Goal: help is there on each level and its examples run. Method: -h, then the examples of show
    # with files of those names.
    def test_help(self):
        code, out, _ = run("-h")
        self.assertEqual(code, 0)
        self.assertIn("show", out)
        code, out, _ = run("show", "-h")
        self.assertEqual(code, 0)
        examples = [line.split()[1:] for line in out.splitlines() if line.startswith("  dais-audit ")]
        self.assertEqual(len(examples), 2)
        leaves = b"".join(b"\x00\x01" + bytes([65 + i]) for i in range(7))
        self.file("receipt.tlog-proof", (GOLDEN / "proof.v1.txt").read_bytes())
        self.file("bundle.bin", leaves)
        before = os.getcwd()
        os.chdir(self.folder)
        self.addCleanup(os.chdir, before)
        for example in examples:
            self.assertEqual(run(*example)[0], 0, example)


if __name__ == "__main__":
    unittest.main()
