#!/usr/bin/python3
"""A mailbox on loopback: an SMTP server that keeps each mail as NAME.eml, and
its HTML alternative as NAME.html, which a browser opens.

usage: mailbox.py FOLDER [--port N] [--port-file FILE]"""
import argparse
import email
import email.policy
import os
import threading

from aiosmtpd.controller import Controller


class Mailbox:
    def __init__(self, folder):
        self.folder = folder
        self.serial = len([n for n in os.listdir(folder) if n.endswith(".eml")])

    async def handle_DATA(self, _server, _session, envelope):
        self.serial += 1
        name = os.path.join(self.folder, "mail-%03d" % self.serial)
        message = email.message_from_bytes(envelope.original_content, policy=email.policy.default)
        page = message.get_body(("html",))
        if page is not None:
            with open(name + ".html", "w", encoding="utf-8") as file:
                file.write(page.get_content())
        with open(name + ".tmp", "wb") as file:
            file.write(envelope.original_content)
        os.rename(name + ".tmp", name + ".eml")
        return "250 kept as %s" % os.path.basename(name)


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("--port", type=int, default=0)
    options.add_argument("--port-file")
    given = options.parse_args()
    os.makedirs(given.folder, exist_ok=True)
    port = given.port
    if port == 0:
        import socket

        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    controller = Controller(Mailbox(given.folder), hostname="127.0.0.1", port=port)
    controller.start()
    if given.port_file:
        with open(given.port_file + ".new", "w", encoding="ascii") as file:
            file.write("%d\n" % port)
        os.rename(given.port_file + ".new", given.port_file)
    threading.Event().wait()


if __name__ == "__main__":
    main()
