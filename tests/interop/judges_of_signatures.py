#!/usr/bin/env -S python3 -B
# SPDX-License-Identifier: Apache-2.0
"""OpenSSL or signify verifies the signature of a checkpoint that we signed, and refuses a changed one.

Called as: judges_of_signatures.py WRITE_LOG openssl|signify. Each byte of the text and of the
signature is changed once. A refusal counts only if the tool says that it is the signature which is
wrong: one that cannot read its input refuses as well."""
import base64
import subprocess
import sys
import tempfile
from pathlib import Path

import judge

# SubjectPublicKeyInfo of an Ed25519 key, up to the key itself (RFC 8410, section 4).
DER_PREFIX = bytes.fromhex("302a300506032b6570032100")


class OpenSSL:
    name = "openssl"
    refusal = "Signature Verification Failure"

    def __init__(self, folder, key):
        self.program = judge.tool("openssl", "openssl")
        self.folder = folder
        (folder / "key.der").write_bytes(DER_PREFIX + key)

    def command(self, text, signature):
        (self.folder / "text").write_bytes(text)
        (self.folder / "signature").write_bytes(signature)
        return [self.program, "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", "key.der",
                "-rawin", "-in", "text", "-sigfile", "signature"]


class Signify:
    """Key and signature files of OpenBSD: a comment, then base64 of "Ed", a number that ties the two
    files together, and the raw bytes."""
    name = "signify"
    refusal = "signature verification failed"
    number = b"interop!"

    def __init__(self, folder, key):
        self.program = judge.tool("signify-openbsd", "signify-openbsd", "signify")
        self.folder = folder
        self.write("key.pub", key)

    def write(self, name, raw):
        line = base64.b64encode(b"Ed" + self.number + raw).decode()
        (self.folder / name).write_text(f"untrusted comment: interop\n{line}\n")

    def command(self, text, signature):
        (self.folder / "text").write_bytes(text)
        self.write("text.sig", signature)
        return [self.program, "-V", "-p", "key.pub", "-m", "text", "-x", "text.sig"]


KINDS = {"openssl": OpenSSL, "signify": Signify}


def accepts(tool, text, signature):
    done = subprocess.run(tool.command(text, signature), cwd=tool.folder, capture_output=True,
                          text=True, check=False)
    said = done.stdout + done.stderr
    if done.returncode != 0 and tool.refusal not in said:
        sys.exit(f"{tool.name} did not judge the signature: {said}")
    return done.returncode == 0


def changed(data):
    """The data with one byte changed, for each byte of it."""
    for at, byte in enumerate(data):
        yield data[:at] + bytes([byte ^ 1 << at % 8]) + data[at + 1:]


def checkpoint_parts(note):
    """The signed text, and the signature without the four bytes of the key id."""
    text, _, line = note.rpartition(b"\n\n")
    value = base64.b64decode(line.split(b" ")[2].strip(), validate=True)
    return text + b"\n", value[4:]


def judge_checkpoint(tool, text, signature):
    if not accepts(tool, text, signature):
        sys.exit(f"{tool.name} refuses a good signature")
    tries = [(other, signature) for other in changed(text)]
    tries += [(text, other) for other in changed(signature)]
    refused = sum(not accepts(tool, *each) for each in tries)
    print(f"{tool.name}: the signature is accepted, {refused} of {len(tries)} changes are refused "
          f"({len(text)} bytes of text, {len(signature)} of signature)")
    if refused != len(tries):
        sys.exit(1)


def main(write_log, which):
    kind = KINDS[which]
    with tempfile.TemporaryDirectory(prefix="dais-interop-") as name:
        folder = Path(name)
        vkey = judge.write_log(write_log, folder / "log", "70000")
        key = base64.b64decode(vkey.split("+", 2)[2], validate=True)[1:]
        note = (folder / "log/checkpoint").read_bytes()
        judge_checkpoint(kind(folder, key), *checkpoint_parts(note))


if __name__ == "__main__":
    main(*sys.argv[1:])
