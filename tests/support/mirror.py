"""A mirror on this machine that serves one content, and misbehaves as it is told."""

from __future__ import annotations

import contextlib
import hashlib
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from deepzoo import File


class Mirror:
    """Serves `content` at any path.

    Attributes:
        cuts: For each of the first requests, how many bytes are sent before the line breaks.
        answers: For each of the first requests, another (status, content type, body).
        wrong_bytes: How many of the first answers have one byte changed.
        go_on: An answer stops after 20 blocks until this is set.
        redirect: An address that every request is sent to.
        requests: The headers of every request that came.
    """

    def __init__(self, content):
        self.content = content
        self.cuts, self.answers = [], []
        self.wrong_bytes, self.redirect = 0, ""
        self.requests = []
        self.go_on = threading.Event()
        self.go_on.set()
        mirror = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                mirror.requests.append(dict(self.headers))
                with contextlib.suppress(ConnectionError):
                    mirror.answer(self)

            def log_message(self, *arguments):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.server.block_on_close = False
        threading.Thread(target=self.server.serve_forever, args=(0.02,), daemon=True).start()
        self.url = f"http://127.0.0.1:{self.server.server_port}/file.txt"

    def answer(self, handler):
        if self.redirect:
            return self.head(handler, 302, 0, Location=self.redirect)
        if self.answers:
            status, kind, body = self.answers.pop(0)
            self.head(handler, status, len(body), **{"Content-Type": kind})
            handler.wfile.write(body)
            return None
        body = bytearray(self.content)
        if self.wrong_bytes > 0:
            self.wrong_bytes -= 1
            body[-1] ^= 1
        self.head(handler, 200, len(body))
        end = min(len(body), self.cuts.pop(0)) if self.cuts else len(body)
        for position in range(0, end, 4096):
            handler.wfile.write(body[position : min(position + 4096, end)])
            handler.wfile.flush()
            if position == 20 * 4096:
                self.go_on.wait(60)
        handler.close_connection = True
        return None

    def head(self, handler, status, length, **headers):
        handler.send_response(status)
        handler.send_header("Content-Length", str(length))
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    def file(self, *more_mirrors, sha256=None, size=None, name="file.txt"):
        """Describes what is served, as a dataset would."""
        digest = hashlib.sha256(self.content).hexdigest() if sha256 is None else sha256
        size = len(self.content) if size is None else size
        return File((name,), (self.url, *more_mirrors), digest, size)

    def close(self):
        self.go_on.set()
        self.server.shutdown()
        self.server.server_close()


@contextlib.contextmanager
def serving(content):
    """Runs a `Mirror` during the block."""
    mirror = Mirror(content)
    try:
        yield mirror
    finally:
        mirror.close()


def whole_files(folder):
    """Lists the files of a cache folder that are not locks."""
    files = [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []
    return sorted(path.name for path in files if not path.name.endswith(".lock"))
