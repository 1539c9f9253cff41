# SPDX-License-Identifier: Apache-2.0
"""The same sites twice: once with hostile texts in every field that people fill in, once with plain
words of as many characters. Element by element they have to be the same, and where one says the
plain word, the other has to say the hostile text, character by character."""
import json
import re
import subprocess
import tempfile
from html.parser import HTMLParser
from pathlib import Path

# Between them these cases fill in every field that a page, table or feed shows.
CASES = ("untoc-2022-05-27", "uncac-cosp9-2021", "firearms-2023-05-05")
VOID = {"meta", "link", "br"}
TOKEN = re.compile("P[0-9a-f]{8}x*")
DIGEST = re.compile("[0-9a-f]{64}")
# XML has no way to write these two; a feed shows the character that stands for an unknown one.
NOT_XML = re.compile("[\ufffe\uffff]")


def run(*arguments):
    done = subprocess.run([str(each) for each in arguments], capture_output=True, text=True,
                          check=False, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"{arguments}: {done.returncode}\n{done.stdout}{done.stderr}")


class Sites:
    def __init__(self, case_play, publisher):
        self.temporary = tempfile.TemporaryDirectory(prefix="dais-hostile-")
        self.folder = Path(self.temporary.name)
        self.texts, self.fields = {}, set()
        for case in CASES:
            for mode in ("plain", "hostile"):
                log, key, told = (self.folder / f"{mode}-{case}.{end}"
                                  for end in ("export", "key", "told"))
                run(case_play, "--texts", mode, "--told", told, "--public", "--export", log,
                    "--key", key, case)
                run(publisher, "render", "--key", key, "--site", self.folder / mode, log)
                self._read(told, mode)

    def _read(self, told, mode):
        for line in told.read_text().splitlines():
            item = json.loads(line)
            self.fields.add(item["field"])
            if mode == "hostile":
                self.texts[item["token"]] = bytes.fromhex(item["hex"]).decode()

    def close(self):
        self.temporary.cleanup()

    def pairs(self, pattern):
        """(plain, hostile) of each file; there are as many of one as of the other."""
        names = [sorted(str(path.relative_to(self.folder / mode))
                        for path in (self.folder / mode).rglob(pattern))
                 for mode in ("plain", "hostile")]
        assert names[0] == names[1] and names[0], names
        return [(self.folder / "plain" / name, self.folder / "hostile" / name)
                for name in names[0]]

    def expected(self, text):
        """What the hostile site has to say where the plain one says this. A word that was cut is
        cut after as many characters."""
        return TOKEN.sub(lambda found: self.texts[found[0][:9]][:len(found[0])], text)


def same(sites, plain, hostile, is_code=False):
    """Digests of what was sent differ; nothing else may."""
    if is_code and DIGEST.fullmatch(plain):
        return DIGEST.fullmatch(hostile) is not None
    return sites.expected(plain) == hostile


class Page(HTMLParser):
    """A page as a list of what stands in it, read strictly: every element is closed in its turn."""

    def __init__(self, text):
        super().__init__()
        self.stack, self.nodes = [], []
        self.feed(text)
        self.close()
        if self.stack:
            raise AssertionError(f"{self.stack} are open at the end")

    def handle_starttag(self, tag, attrs):
        self.nodes.append(("element", tag, sorted(attrs)))
        if tag not in VOID:
            self.stack.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.nodes.append(("element", tag, sorted(attrs)))

    def handle_endtag(self, tag):
        if not self.stack or self.stack.pop() != tag:
            raise AssertionError(f"</{tag}> closes what is not open")
        self.nodes.append(("end", tag, None))

    def handle_data(self, data):
        is_code = bool(self.stack) and self.stack[-1] == "code"
        if self.nodes and self.nodes[-1][0] == "text":
            data = self.nodes.pop()[1] + data
        self.nodes.append(("text", data, is_code))

    def handle_comment(self, data):
        raise AssertionError(f"a comment: {data}")

    def unknown_decl(self, data):
        raise AssertionError(f"a declaration: {data}")

    handle_pi = unknown_decl
