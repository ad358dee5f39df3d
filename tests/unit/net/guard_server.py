#!/usr/bin/python3
"""The internet as an attacker has it: a web server at every address of a
network of its own, and a name server that lies.

http://any/to?URL is a redirect to URL, all else a page. Names are
KIND-ADDRESS-NUMBER.attack.test, the address in hexadecimal:

a        is at the address
cname    is another name of one that is
mixed    is at a public address and at that one
rebind   is at a public address when it is asked for first, then at that one

When its standard input ends, so does it."""
import http.server
import socket
import socketserver
import struct
import sys
import threading
import urllib.parse

PUBLIC = socket.inet_aton("93.184.215.14")
CLOSED = socket.inet_aton("93.184.215.15")
A, CNAME, AAAA = 1, 5, 28


class Web(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        if self.path.startswith("/to?"):
            self.send_response(302)
            location = urllib.parse.unquote_to_bytes(self.path[4:]).decode("latin-1")
            self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Length", "6")
        self.end_headers()
        self.wfile.write(b"inside")

    def log_message(self, *_):
        pass


class Web6(http.server.ThreadingHTTPServer):
    address_family = socket.AF_INET6
    request_queue_size = 256

    def server_bind(self):
        self.socket.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
        super().server_bind()


class Names(socketserver.BaseRequestHandler):
    asked = set()

    def handle(self):
        query, sock = self.request
        name, end = self.name(query)
        kind_of_record = struct.unpack("!H", query[end : end + 2])[0]
        answers = self.answers(name, kind_of_record)
        head = query[:2] + struct.pack("!HHHHH", 0x8580, 1, len(answers), 0, 0)
        body = b"".join(
            (owner or b"\xc0\x0c") + struct.pack("!HHIH", kind, 1, 0, len(data)) + data
            for owner, kind, data in answers
        )
        sock.sendto(head + query[12 : end + 4] + body, self.client_address)

    def name(self, query):
        labels, at = [], 12
        while query[at]:
            labels.append(query[at + 1 : at + 1 + query[at]].decode("latin-1"))
            at += 1 + query[at]
        return labels, at + 1

    def answers(self, labels, want):
        words = labels[0].lower().split("-")
        if len(words) != 3:
            return []
        kind, address, _ = words
        address = bytes.fromhex(address)
        record = A if len(address) == 4 else AAAA
        it = [(None, record, address)] if want == record else []
        public = [(None, A, PUBLIC)] if want == A else []
        if kind == "cname":
            other = b"".join(
                bytes([len(x)]) + x
                for x in (b"a-%s-0" % address.hex().encode(), b"attack", b"test", b"")
            )
            return [(None, CNAME, other), *((other, k, d) for _, k, d in it)]
        if kind == "mixed":
            # One public address that answers nothing, so that the others are tried.
            return [(None, A, CLOSED), *it] if want == A else it
        if kind == "rebind" and (labels[0].lower(), want) not in Names.asked:
            Names.asked.add((labels[0].lower(), want))
            return public
        return it


def main():
    web = Web6(("::", 80), Web)
    names = socketserver.UDPServer(("127.0.0.53", 53), Names)
    for server in (web, names):
        threading.Thread(target=server.serve_forever, daemon=True).start()
    print(80, flush=True)
    sys.stdin.read()


main()
