# SPDX-License-Identifier: Apache-2.0
"""A headless Chromium, spoken to over a pipe in its DevTools protocol: one JSON object, one NUL. It
has a profile of its own and no network but what a page asks for."""
import base64
import fcntl
import json
import os
import select
import shutil
import subprocess
import tempfile
import time

WAIT_S = 60  # what takes longer has failed
FLAGS = ("--headless=new", "--remote-debugging-pipe", "--no-first-run", "--disable-gpu",
         "--disable-background-networking", "--disable-component-update", "--disable-sync",
         "--hide-scrollbars", "--font-render-hinting=none", "--force-color-profile=srgb",
         "--disable-dev-shm-usage")


class BrowserFailed(AssertionError):
    pass


def program():
    return shutil.which("chromium") or shutil.which("chromium-browser")


def _high(descriptor):
    """The same descriptor above those that the child's pipe is laid on."""
    high = fcntl.fcntl(descriptor, fcntl.F_DUPFD_CLOEXEC, 10)
    os.close(descriptor)
    return high


def _may_sandbox():
    """Not as root, nor where the kernel gives a user no namespaces, as in a chroot. What is loaded
    is made by the tests themselves."""
    return os.getuid() != 0 and subprocess.run(
        ["unshare", "--user", "true"], stderr=subprocess.DEVNULL, check=False).returncode == 0


class Browser:
    """One page at a time. `events` are those that came since the last call of go()."""

    def __init__(self):
        self.folder = tempfile.TemporaryDirectory(prefix="dais-browser-")
        to_child, to_write = (_high(each) for each in os.pipe())
        to_read, from_child = (_high(each) for each in os.pipe())

        def lay():
            os.dup2(to_child, 3)
            os.dup2(from_child, 4)
        sandbox = () if _may_sandbox() else ("--no-sandbox",)
        self.process = subprocess.Popen(
            [program(), *FLAGS, *sandbox, f"--user-data-dir={self.folder.name}", "about:blank"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            pass_fds=(3, 4), preexec_fn=lay, env=dict(os.environ, HOME=self.folder.name))
        os.close(to_child)
        os.close(from_child)
        self.write_to, self.read_from = to_write, to_read
        self.rest, self.count, self.session, self.events = b"", 0, None, []
        target = self.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.call("Target.attachToTarget", targetId=target,
                                 flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "DOM", "Network", "Log"):
            self.call(f"{domain}.enable")

    def close(self):
        os.close(self.write_to)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        os.close(self.read_from)
        self.folder.cleanup()

    def _read(self, end):
        while b"\0" not in self.rest:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self.read_from], [], [], left)[0]:
                raise BrowserFailed("the browser does not answer")
            part = os.read(self.read_from, 1 << 20)
            if not part:
                raise BrowserFailed(f"the browser has ended: {self.process.poll()}")
            self.rest += part
        line, _, self.rest = self.rest.partition(b"\0")
        return json.loads(line)

    def call(self, method, **parameters):
        self.count += 1
        number, end = self.count, time.monotonic() + WAIT_S
        request = {"id": number, "method": method, "params": parameters}
        if self.session:
            request["sessionId"] = self.session
        os.write(self.write_to, json.dumps(request).encode() + b"\0")
        while True:
            answer = self._read(end)
            if answer.get("id") == number:
                if "error" in answer:
                    raise BrowserFailed(f"{method}: {answer['error']}")
                return answer["result"]
            self.events.append(answer)

    def go(self, url):
        """Loads a page and waits until it has all it asks for."""
        self.events = []
        failed = self.call("Page.navigate", url=url).get("errorText")
        if failed:
            raise BrowserFailed(f"{url}: {failed}")
        end = time.monotonic() + WAIT_S
        while not any(each.get("method") == "Page.loadEventFired" for each in self.events):
            self.events.append(self._read(end))

    def value(self, expression):
        """What a script in the page gives; a promise is waited for."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True,
                           returnByValue=True)
        if "exceptionDetails" in result:
            raise BrowserFailed(str(result["exceptionDetails"].get("exception", result))[:2000])
        return result["result"].get("value")

    def screen(self, width, height, phone=False):
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height,
                  deviceScaleFactor=1, mobile=phone)

    def picture(self, path, whole=True):
        """PNG of the page, at most so high that a person still looks at it."""
        box = self.call("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": box["width"], "height": min(box["height"], 6000),
                "scale": 1}
        shot = self.call("Page.captureScreenshot", format="png", captureBeyondViewport=True,
                         **({"clip": clip} if whole else {}))
        path.write_bytes(base64.b64decode(shot["data"]))
