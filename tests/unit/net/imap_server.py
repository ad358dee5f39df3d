#!/usr/bin/python3
"""An IMAP server for the tests: says its port, then serves until its standard
input ends. What it does is told by the folder that is opened; every command it
heard goes to the file that is its argument."""
import os
import re
import socketserver
import sys
import threading

LOG = open(sys.argv[1], "a", encoding="utf-8") if len(sys.argv) > 1 and sys.argv[1] else None
MAILS = {
    3: b"Subject: three\r\n\r\nc1 OK done\r\nc2 OK done\r\n* 1 FETCH (BODY[] {5}\r\n)\r\n",
    7: b"Subject: seven\r\n\r\nhello\r\n",
    12: b"",
}


class Client(socketserver.StreamRequestHandler):
    def say(self, text):
        data = text if isinstance(text, bytes) else text.encode()
        step = 1 if self.folder == "trickle" else len(data) or 1
        for i in range(0, len(data), step):
            self.wfile.write(data[i : i + step])
            self.wfile.flush()

    def handle(self):
        self.folder = ""
        self.say("* OK here\r\n")
        while True:
            line = self.rfile.readline()
            if not line:
                return
            tag, command = line.decode().rstrip("\r\n").split(" ", 1)
            if LOG:
                print(command, file=LOG, flush=True)
            word = command.upper()
            if word.startswith("CAPABILITY"):
                self.say("* CAPABILITY IMAP4rev1 AUTH=PLAIN SASL-IR\r\n%s OK\r\n" % tag)
            elif word.startswith("AUTHENTICATE PLAIN"):
                # "\0ada\0secret"
                right = command.endswith("AGFkYQBzZWNyZXQ=")
                self.say("%s %s\r\n" % (tag, "OK in" if right else "NO [AUTHENTICATIONFAILED] wrong"))
            elif word.startswith("EXAMINE"):
                self.examine(tag, re.match(r'EXAMINE "(.*)"$', command).group(1))
            elif word.startswith("UID SEARCH"):
                self.search(tag)
            elif word.startswith("UID FETCH"):
                if not self.fetch(tag, int(command.split()[2])):
                    return
            else:
                self.say("%s BAD what?\r\n" % tag)

    def examine(self, tag, folder):
        self.folder = folder
        if folder == "none":
            self.say("%s NO [NONEXISTENT] no such \x1b[31mfolder\r\n" % tag)
        elif folder == "silent":
            return
        else:
            validity = 8 if folder == "anew" else 7
            self.say(
                "* 3 EXISTS\r\n* FLAGS (\\Seen)\r\n* OK [uidvalidity %d] v\r\n%s OK [READ-ONLY] open\r\n"
                % (validity, tag)
            )

    def search(self, tag):
        uids = "3 7 12"
        if self.folder == "many":
            uids = " ".join(str(i) for i in range(1, 30001))
        if self.folder == "empty":
            self.say("* SEARCH\r\n%s OK\r\n" % tag)
        elif self.folder == "refuses":
            self.say("%s NO too busy\r\n" % tag)
        elif self.folder == "garbage":
            self.say("HTTP/1.1 400 Bad Request\r\n\r\n")
        elif self.folder == "endless":
            self.say("* SEARCH " + "1 " * 2000000)
        else:
            self.say("* 4 EXISTS\r\n* SEARCH %s\r\n%s OK [X] found\r\n" % (uids, tag))

    def fetch(self, tag, uid):
        mail = MAILS.get(uid)
        if self.folder == "hangs up":
            self.say("* 1 FETCH (UID %d BODY[] {100}\r\nhalf" % uid)
            return False
        if self.folder == "big" and uid == 7:
            self.say("* 1 FETCH (UID 7 BODY[] {52428800}\r\n")
            try:
                for _ in range(800):
                    self.say(b"x" * 65536)
            except OSError:
                pass
            return False
        if self.folder == "liar" and uid == 7:
            self.say("* 1 FETCH (UID 7 BODY[] {99999999999999999999}\r\n")
        if self.folder == "quoted":
            self.say('* 1 FETCH (UID %d BODY[] "Subject: \\"q\\"")\r\n%s OK\r\n' % (uid, tag))
        elif self.folder == "nil":
            self.say("* 1 FETCH (UID %d BODY[] NIL)\r\n%s OK\r\n" % (uid, tag))
        elif mail is None:
            self.say("%s OK nothing\r\n" % tag)
        else:
            self.say("* 9 FETCH (FLAGS (\\Recent))\r\n")
            self.say(b"* 1 FETCH (UID %d BODY[] {%d}\r\n%b)\r\n" % (uid, len(mail), mail))
            self.say("%s OK done\r\n" % tag)
        return True


class Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def handle_error(self, request, client_address):
        pass


server = Server(("127.0.0.1", 0), Client)
print(server.server_address[1], flush=True)
threading.Thread(target=server.serve_forever, daemon=True).start()
sys.stdin.read()
os._exit(0)
