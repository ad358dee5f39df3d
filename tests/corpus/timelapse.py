#!/usr/bin/python3
"""Serves FOLDER/BOARD/DATE.json as /BOARD, DATE being what the file TODAY
holds; 404 where there is no recording of that day.

usage: timelapse.py FOLDER TODAY --port-file FILE"""
import argparse
import http.server
import os


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        board = self.path.strip("/").split("?")[0]
        with open(self.server.today, encoding="ascii") as file:
            path = os.path.join(self.server.folder, board, file.read().strip() + ".json")
        status, body = 404, b"not found\n"
        if os.path.isfile(path):
            with open(path, "rb") as file:
                status, body = 200, file.read()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


def main():
    options = argparse.ArgumentParser()
    options.add_argument("folder")
    options.add_argument("today")
    options.add_argument("--port-file")
    given = options.parse_args()
    http.server.ThreadingHTTPServer.daemon_threads = True
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.folder, server.today = given.folder, given.today
    with open(given.port_file + ".new", "w", encoding="ascii") as file:
        file.write("%d\n" % server.server_port)
    os.rename(given.port_file + ".new", given.port_file)
    server.serve_forever()


main()
