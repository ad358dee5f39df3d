#!/usr/bin/python3
"""HTTPS as boards have it: HTTP/2 by ALPN, session tickets, gzip and brotli.

usage: h2_server.py FOLDER

FOLDER gets ca.pem and the ports, one a line: a good certificate, one of
HTTP/1.1 only, an expired one, one that signed itself, one for another name,
one that no known authority signed. Each page tells of its own connection:

/            "PROTOCOL connection N request M resumed|full"
/gzip /br    the same, encoded
/big         100,000 letters, in gzip
/bye         the same, and the connection is closed (HTTP/1.1)
/later       the same, after a while (HTTP/1.1)

When its standard input ends, so does it."""
import gzip
import os
import socket
import ssl
import subprocess
import sys
import threading
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions


class Site:
    """One certificate at one port."""

    def __init__(self, certificate, key, protocols):
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(certificate, key)
        self.context.set_alpn_protocols(protocols)
        self.connections = 0
        self.lock = threading.Lock()
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=200)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            sock, _ = self.socket.accept()
            threading.Thread(target=self.serve, args=(sock,), daemon=True).start()

    def serve(self, sock):
        try:
            sock.settimeout(30)
            sock = self.context.wrap_socket(sock, server_side=True)
            with self.lock:
                self.connections += 1
                number = self.connections
            protocol = sock.selected_alpn_protocol() or "none"
            told = "%s connection %d request %%d %s" % (
                protocol, number, "resumed" if sock.session_reused else "full",
            )  # fmt: skip
            (serve_h2 if protocol == "h2" else serve_h1)(sock, told)
            # Without a farewell a session is not gone on with.
            sock.unwrap().close()
        except (OSError, h2.exceptions.ProtocolError):
            pass


def page(path, text):
    """Fields and body."""
    body = text.encode()
    if path == "/big":
        return [("content-encoding", "gzip")], gzip.compress(b"x" * 100000)
    if path == "/gzip":
        return [("content-encoding", "gzip")], gzip.compress(body)
    if path == "/br":
        return [("content-encoding", "br")], stored_brotli(body)
    return [], body


def stored_brotli(body):
    """RFC 7932: a stream whose one meta-block is not compressed."""
    bits, at = 0, 0

    def put(value, n):
        nonlocal bits, at
        bits |= value << at
        at += n

    put(0, 1)  # WBITS: 16
    put(0, 1)  # ISLAST
    put(0, 2)  # MNIBBLES: 4
    put(len(body) - 1, 16)
    put(1, 1)  # ISUNCOMPRESSED
    return bits.to_bytes((at + 7) // 8, "little") + body + b"\x03"


def serve_h1(sock, told):
    file, n = sock.makefile("rb"), 0
    while True:
        line = file.readline()
        if not line:
            return
        while file.readline() not in (b"\r\n", b""):
            pass
        n += 1
        path = line.split()[1].decode()
        if path == "/later":
            time.sleep(0.5)
        fields, body = page(path, told % n)
        fields = [*fields, ("content-length", str(len(body)))]
        if path == "/bye":
            fields.append(("connection", "close"))
        head = "HTTP/1.1 200 OK\r\n" + "".join("%s: %s\r\n" % f for f in fields) + "\r\n"
        sock.sendall(head.encode() + body)
        if path == "/bye":
            return


def serve_h2(sock, told):
    h2c = h2.connection.H2Connection(h2.config.H2Configuration(client_side=False, header_encoding="utf-8"))
    h2c.initiate_connection()
    sock.sendall(h2c.data_to_send())
    n = 0
    while True:
        data = sock.recv(65536)
        if not data:
            return
        for event in h2c.receive_data(data):
            if not isinstance(event, h2.events.RequestReceived):
                continue
            n += 1
            path = dict(event.headers)[":path"]
            fields, body = page(path, told % n)
            h2c.send_headers(event.stream_id, [(":status", "200"), *fields])
            h2c.send_data(event.stream_id, body, end_stream=True)
        sock.sendall(h2c.data_to_send())


# ---- certificates ----


def openssl(folder, *words):
    subprocess.run(["openssl", *words], cwd=folder, check=True, capture_output=True)


def authority(folder, name):
    openssl(
        folder, "req", "-x509", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-days", "2", "-subj", "/CN=" + name, "-keyout", name + ".key", "-out", name + ".pem",
        "-addext", "keyUsage=critical,keyCertSign,cRLSign",
    )  # fmt: skip


def certificate(folder, name, signer, host="IP:127.0.0.1", days="2"):
    with open(os.path.join(folder, name + ".ext"), "w", encoding="ascii") as file:
        file.write("subjectAltName=%s\n" % host)
    openssl(
        folder, "req", "-new", "-nodes", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
        "-subj", "/CN=board", "-keyout", name + ".key", "-out", name + ".csr",
    )  # fmt: skip
    openssl(
        folder, "x509", "-req", "-in", name + ".csr", "-CA", signer + ".pem", "-CAkey", signer + ".key",
        "-CAcreateserial", "-days", days, "-extfile", name + ".ext", "-out", name + ".pem",
    )  # fmt: skip


def main():
    folder = sys.argv[1]
    authority(folder, "ca")
    authority(folder, "nobody")
    certificate(folder, "good", "ca")
    certificate(folder, "expired", "ca", days="-1")
    certificate(folder, "other", "ca", host="DNS:other.example")
    certificate(folder, "unknown", "nobody")
    authority(folder, "self")
    sites = [(n, ["h2", "http/1.1"]) for n in ("good", "good", "expired", "self", "other", "unknown")]
    sites[1] = ("good", ["http/1.1"])
    ports = [
        Site(os.path.join(folder, n + ".pem"), os.path.join(folder, n + ".key"), protocols).port
        for n, protocols in sites
    ]
    with open(os.path.join(folder, "ports"), "w", encoding="ascii") as file:
        file.write("".join("%d\n" % port for port in ports))
    print(ports[0], flush=True)
    sys.stdin.read()


main()
