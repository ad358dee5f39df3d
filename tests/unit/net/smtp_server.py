#!/usr/bin/python3
"""An SMTP server that answers as it is told, one command a line on standard
input:

    at STAGE ANSWER   greeting, ehlo, auth, mail, rcpt, data, dot or quit; the answer
                      is a reply, or drop, stall, noise, long, or ok again
    report            one line: connections, mails, the last mail's from, to,
                      bytes and CRC-32; then the count starts anew
"""
import socket
import sys
import threading
import time
import zlib

USUAL = {
    "greeting": "220 test ready",
    "ehlo": "250-test\n250-SIZE 1000000\n250-AUTH PLAIN\n250 ENHANCEDSTATUSCODES",
    "auth": "235 2.7.0 welcome",
    "mail": "250 2.1.0 ok",
    "rcpt": "250 2.1.5 ok",
    "data": "354 go ahead",
    "dot": "250 2.0.0 queued as 42",
    "quit": "221 2.0.0 bye",
}
answers = dict(USUAL)
seen = {"connections": 0, "mails": 0, "from": "-", "to": "-", "bytes": 0, "crc": 0}


class Drop(Exception):
    pass


class Session:
    def __init__(self, sock):
        self.sock = sock
        self.file = sock.makefile("rb")

    def say(self, stage):
        """True if the answer is one that lets the dialogue go on."""
        answer = answers[stage]
        if answer == "drop":
            raise Drop
        if answer == "stall":
            time.sleep(30)
            raise Drop
        if answer == "noise":
            answer = "what do you want"
        if answer == "long":
            answer = "554 " + "x" * 65536
        self.sock.sendall(answer.replace("\n", "\r\n").encode() + b"\r\n")
        if answer.startswith("421"):
            raise Drop
        return answer[0] in "23"

    def message(self):
        lines = []
        while True:
            line = self.file.readline()
            if not line:
                raise Drop
            if line == b".\r\n":
                break
            lines.append(line[1:] if line.startswith(b".") else line)
        data = b"".join(lines)
        if answers["dot"][0] == "2":
            seen["mails"] += 1
            seen["bytes"], seen["crc"] = len(data), zlib.crc32(data)
        self.say("dot")

    def talk(self):
        if not self.say("greeting"):
            raise Drop
        while True:
            line = self.file.readline().decode("latin-1").rstrip("\r\n")
            word = line[:4].upper()
            if not line:
                break
            if word in ("EHLO", "HELO"):
                self.say("ehlo")
            elif word == "AUTH":
                self.sock.sendall(b"334 \r\n")
                self.file.readline()
                self.say("auth")
            elif word == "QUIT":
                self.say("quit")
                break
            elif word == "MAIL":
                if self.say("mail"):
                    seen["from"] = line[10:].split(" ")[0]
            elif word == "RCPT":
                if self.say("rcpt"):
                    seen["to"] = line[8:].replace(" ", "_")
            elif word == "DATA":
                if self.say("data"):
                    self.message()
            else:
                self.sock.sendall(b"500 what?\r\n")

    def serve(self):
        try:
            self.talk()
        except (Drop, OSError):
            pass
        self.file.close()
        try:
            self.sock.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        self.sock.close()


def accept(server):
    while True:
        sock, _ = server.accept()
        seen["connections"] += 1
        threading.Thread(target=Session(sock).serve, daemon=True).start()


def main():
    server = socket.socket()
    server.bind(("127.0.0.1", 0))
    server.listen(50)
    print(server.getsockname()[1], flush=True)
    threading.Thread(target=accept, args=(server,), daemon=True).start()
    for line in sys.stdin:
        words = line.rstrip("\n").split(" ", 2)
        if words[0] == "at":
            stage, answer = words[1], words[2]
            answers[stage] = USUAL[stage] if answer == "ok" else answer.replace("|", "\n")
            print("set", flush=True)
        else:
            print(*seen.values(), flush=True)
            seen["connections"] = seen["mails"] = 0


if __name__ == "__main__":
    main()
