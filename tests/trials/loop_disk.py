# SPDX-License-Identifier: Apache-2.0
"""An ext4 of its own in a file, whose power can be cut: whatever was written and not flushed is gone
when it is mounted again."""
import fcntl
import os
import shutil
import struct
import subprocess
import tempfile
import threading
import time
from pathlib import Path

SHUTDOWN = 0x8004587D     # _IOR('X', 125, uint32_t) of the kernel's ext4
DROP_ALL = 2              # EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the disk
RELEASE_S = 30            # a loop device is let go of some time after the unmount
SIZE_BYTES = 1 << 30      # the file is sparse


def missing():
    """Why there can be no such disk here; None if there can."""
    if os.geteuid() != 0:
        return "needs root"
    for program in ("mkfs.ext4", "mount", "umount", "losetup"):
        if not shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            return f"needs {program}"
    try:
        LoopDisk().close()
    except subprocess.CalledProcessError:
        return "needs a loop device"
    return None


def _run(*command):
    path = os.environ["PATH"] + ":/usr/sbin:/sbin"
    return subprocess.run(command, check=True, capture_output=True, text=True,
                          env=dict(os.environ, PATH=path, LC_ALL="C")).stdout


class LoopDisk:
    def __init__(self):
        self._folder = tempfile.TemporaryDirectory(prefix="dais-disk-")
        self.image = Path(self._folder.name) / "image"
        self.place = Path(self._folder.name) / "mount"
        self.place.mkdir()
        self.is_mounted = False
        try:
            with open(self.image, "wb") as image:
                image.truncate(SIZE_BYTES)
            _run("mkfs.ext4", "-q", "-F", "-E", "lazy_itable_init=1,nodiscard", self.image)
            self.mount()
        except subprocess.CalledProcessError:
            self._folder.cleanup()
            raise

    def mount(self):
        _run("mount", "-o", "loop", self.image, self.place)
        self.is_mounted = True

    def unmount(self):
        """And waits until nobody has the file any more: else the next mount would find in memory
        what is not on the disk."""
        _run("umount", self.place)
        self.is_mounted = False
        end, pause = time.monotonic() + RELEASE_S, threading.Event()
        while _run("losetup", "-j", self.image).strip():
            if time.monotonic() > end:
                raise TimeoutError(f"{self.image} is still held by a loop device")
            pause.wait(0.005)

    def flush(self):
        """All that is written so far is on the disk."""
        _run("sync", "-f", self.place)

    def cut(self):
        """The power goes. Whoever still runs gets errors."""
        folder = os.open(self.place, os.O_RDONLY)
        try:
            fcntl.ioctl(folder, SHUTDOWN, struct.pack("I", DROP_ALL))
        finally:
            os.close(folder)

    def close(self):
        if self.is_mounted:
            self.unmount()
        self._folder.cleanup()
