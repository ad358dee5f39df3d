#!/usr/bin/python3
"""An HTTP server that misbehaves as its path says. usage: http_server.py [PORT|tls]"""
import gzip
import os
import socket
import ssl
import struct
import subprocess
import sys
import tempfile
import threading
import time
import zlib

TEXT = b"hello, page"


def head(status, *fields, length=None):
    lines = ["HTTP/1.1 %s" % status, *fields]
    if length is not None:
        lines.append("Content-Length: %d" % length)
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def whole(status, body, *fields):
    return head(status, *fields, length=len(body)) + body


def chunk(data):
    return b"%x\r\n%s\r\n" % (len(data), data)


def zeros(megabytes):
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    parts = [packer.compress(bytes(1 << 20)) for _ in range(megabytes)]
    return b"".join(parts) + packer.flush()


BOMB = zeros(100)
PACKED = gzip.compress(TEXT)
BROTLI = b"\x0b\x02\x80hello\x03"
GZIP = "Content-Encoding: gzip"

FIXED = {
    "/ok": whole(
        "200 OK", TEXT, "Content-Type: text/plain; charset=utf-8", 'ETag: "v1"',
        "Last-Modified: Tue, 24 Nov 2026 08:00:00 GMT",
    ),
    "/empty": whole("200 OK", b""),
    "/204": head("204 No Content"),
    "/always-304": head("304 Not Modified", 'ETag: "v1"'),
    "/moved": head("302 Found", "Location: ../there?q=1#part", length=0),
    "/moved-far": head("301 Moved", "Location: https://else.example/x", length=0),
    "/moved-file": head("302 Found", "Location: file:///etc/passwd", length=0),
    "/moved-nowhere": head("302 Found", length=0),
    "/moved-bytes": head("302 Found", "Location: /caf\xe9", length=0),
    "/moved-long": head("302 Found", "Location: /" + "a" * 9000, length=0),
    "/429": whole("429 Too Many", b"slow down", "Retry-After: 120"),
    "/404": whole("404 Not Found", b"not here"),
    "/403-page": whole("403 Forbidden", b"<html><head><title>\n Just a\nmoment...</title>"),
    "/403-bare": whole("403 Forbidden", b"<html><body>no"),
    "/403-rude": whole("403 Forbidden", b"\x1b[31m\x00\xff" + b"no " * 2000),
    "/404-big": whole("404 Not Found", bytes(1 << 20)),
    "/404-huge": head("404 Not Found", length=50 << 20) + bytes(1 << 16),
    "/500": whole("500 Oops", b""),
    "/gzip": whole("200 OK", PACKED, GZIP),
    "/deflate": whole("200 OK", zlib.compress(TEXT), "Content-Encoding: deflate"),
    "/br": whole("200 OK", BROTLI, "Content-Encoding: br"),
    "/gzip-chunked": head("200 OK", GZIP, "Transfer-Encoding: chunked") + chunk(PACKED) + chunk(b""),
    "/gzip-twice": whole("200 OK", gzip.compress(PACKED), "Content-Encoding: gzip, gzip"),
    "/gzip-two-fields": whole("200 OK", gzip.compress(PACKED), GZIP, GZIP),
    "/gzip-transfer": head("200 OK", GZIP, "Transfer-Encoding: gzip, chunked") + chunk(PACKED) + chunk(b""),
    "/zstd": whole("200 OK", TEXT, "Content-Encoding: zstd"),
    "/gzip-junk": whole("200 OK", b"this is no gzip at all", GZIP),
    "/bomb": whole("200 OK", BOMB, GZIP),
    "/bomb-chunked": head("200 OK", GZIP, "Transfer-Encoding: chunked") + chunk(BOMB) + chunk(b""),
    "/cut": head("200 OK", length=1000) + b"only this",
    "/cut-chunked": head("200 OK", "Transfer-Encoding: chunked") + chunk(b"only this"),
    "/bad-chunk": head("200 OK", "Transfer-Encoding: chunked") + b"zz\r\nonly this\r\n",
    "/too-much": head("200 OK", length=5) + TEXT,
    "/no-length": head("200 OK", "Connection: close") + TEXT,
    "/announced": head("200 OK", length=50 << 20) + bytes(1 << 16),
    "/headers-many": b"HTTP/1.1 200 OK\r\n" + b"X-Field: 0123456789\r\n" * 5000 + b"\r\n",
    "/header-long": b"HTTP/1.1 200 OK\r\nX-Field: " + b"x" * 90000 + b"\r\n\r\n",
    "/header-very-long": b"HTTP/1.1 200 OK\r\nX-Field: " + b"x" * 900000 + b"\r\n\r\n",
    "/hints": b"HTTP/1.1 103 Early Hints\r\nETag: \"old\"\r\n\r\n" + whole("200 OK", TEXT),
    "/hints-for-ever": b"HTTP/1.1 103 Early Hints\r\nX: y\r\n\r\n" * 50000,
    "/odd-fields": whole("200 OK", TEXT, "ETag: \"caf\xe9\"", "Content-Type: " + "x" * 2000),
    "/no-http": b"what do you want?\r\n",
    "/nothing": b"",
    "/robots.txt": whole("200 OK", b"#" * 511998 + b"\n" + b"Disallow: /\n" * 20000),
    "/nul": whole("200 OK", b"a\0b"),
}


class Connection:
    def __init__(self, sock):
        self.sock = sock
        self.file = sock.makefile("rb")
        self.answered = 0

    def request(self):
        """The head and body of one request; None at the end."""
        lines = []
        while True:
            line = self.file.readline(65536)
            if not line:
                return None
            if line in (b"\r\n", b"\n"):
                break
            lines.append(line)
        length = 0
        for line in lines:
            if line.lower().startswith(b"content-length:"):
                length = int(line.split(b":")[1])
        return b"".join(lines), self.file.read(length)

    def drip(self):
        self.sock.sendall(head("200 OK", length=100000))
        for _ in range(600):
            self.sock.sendall(b"x")
            time.sleep(0.1)

    def flood(self):
        self.sock.sendall(head("200 OK", "Connection: close"))
        while True:
            self.sock.sendall(bytes(1 << 16))

    def answer(self, top, body):
        """True if the connection may be used again."""
        path = top.split(b" ")[1].decode("latin-1")
        if path == "/echo":
            self.sock.sendall(whole("200 OK", top + b"\r\n" + body))
            return True
        if path == "/304":
            same = b'if-none-match: "v1"' in top.lower()
            self.sock.sendall(head("304 Not Modified") if same else FIXED["/ok"])
            return True
        if path == "/peer":
            self.sock.sendall(whole("200 OK", b"%d" % self.sock.getpeername()[1]))
            return True
        if path == "/once" and self.answered == 0:
            self.answered += 1
            self.sock.sendall(FIXED["/ok"])
            return True
        if path == "/later":
            time.sleep(0.3)
            self.sock.sendall(FIXED["/ok"])
            return True
        if path.startswith("/page/"):
            self.sock.sendall(whole("200 OK", path.encode() * 1000))
            return True
        if path in FIXED:
            self.sock.sendall(FIXED[path])
            return path in ("/ok", "/empty", "/204", "/gzip", "/404", "/429", "/moved")
        if path == "/stall":
            time.sleep(60)
        elif path == "/drip":
            self.drip()
        elif path == "/flood":
            self.flood()
        elif path == "/reset" or path == "/once":
            self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        return False

    def serve(self):
        try:
            while True:
                request = self.request()
                if request is None or not self.answer(*request):
                    break
        except OSError:
            pass
        self.file.close()
        try:
            self.sock.close()
        except OSError:
            pass


def listen(argument):
    server = socket.socket()
    server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    server.bind(("127.0.0.1", int(argument) if argument.isdigit() else 0))
    server.listen(200)
    return server


def tls_context():
    """A certificate for 127.0.0.1 that is signed by itself."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.TemporaryDirectory() as folder:
        key, certificate = folder + "/key", folder + "/certificate"
        command = "openssl req -x509 -nodes -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -days 2 -subj /CN=127.0.0.1"
        subprocess.run(
            [*command.split(), "-keyout", key, "-out", certificate], check=True, stderr=subprocess.DEVNULL
        )
        context.load_cert_chain(certificate, key)
    return context


def accept(server, context):
    while True:
        sock, _ = server.accept()
        try:
            if context is not None:
                sock = context.wrap_socket(sock, server_side=True)
        except OSError:
            continue
        threading.Thread(target=Connection(sock).serve, daemon=True).start()


def main():
    argument = sys.argv[1] if len(sys.argv) > 1 else ""
    try:
        server = listen(argument)
    except OSError:
        print(0, flush=True)
        return
    try:
        context = tls_context() if argument == "tls" else None
    except OSError:
        print(0, flush=True)
        return
    print(server.getsockname()[1], flush=True)
    threading.Thread(target=accept, args=(server, context), daemon=True).start()
    sys.stdin.read()


if __name__ == "__main__":
    main()
