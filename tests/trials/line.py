# SPDX-License-Identifier: Apache-2.0
"""A line between a daemon and a socket of the broker that can be cut and mended: whoever is on it runs
on and reaches nobody."""
import os
import selectors
import socket
import threading

CHUNK = 1 << 16


class Line:
    """Listens at `here` and carries everything to `there`, both paths of Unix sockets."""

    def __init__(self, here, there):
        self.here, self.there = str(here), str(there)
        self.selector = selectors.DefaultSelector()
        self.lock = threading.Lock()
        self.listener = None
        self.mend()
        self.stops = threading.Event()
        self.thread = threading.Thread(target=self._work, daemon=True)
        self.thread.start()

    def _accept(self):
        near, _ = self.listener.accept()
        far = socket.socket(socket.AF_UNIX)
        try:
            far.connect(self.there)
        except OSError:
            near.close()
            far.close()
            return
        self.selector.register(near, selectors.EVENT_READ, far)
        self.selector.register(far, selectors.EVENT_READ, near)

    def _carry(self, near, far):
        try:
            data = near.recv(CHUNK)
            far.sendall(data)
        except OSError:
            data = b""
        if not data:
            self._drop(near, far)

    def _drop(self, *ends):
        for end in ends:
            if end.fileno() >= 0:
                self.selector.unregister(end)
                end.close()

    def _work(self):
        while not self.stops.is_set():
            for key, _ in self.selector.select(0.05):
                with self.lock:
                    if key.fileobj is self.listener:
                        self._accept()
                    elif key.fileobj.fileno() >= 0 and key.data is not None:
                        self._carry(key.fileobj, key.data)

    def cut(self):
        """Ends all connections and takes no new ones."""
        with self.lock:
            for key in list(self.selector.get_map().values()):
                self._drop(key.fileobj)
            self.listener = None
            os.unlink(self.here)

    def mend(self):
        with self.lock:
            self.listener = socket.socket(socket.AF_UNIX)
            self.listener.bind(self.here)
            self.listener.listen()
            self.selector.register(self.listener, selectors.EVENT_READ, None)

    def close(self):
        self.stops.set()
        self.thread.join()
        if self.listener:
            self.cut()
        self.selector.close()
