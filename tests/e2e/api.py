"""A server for tests that answers as they say and keeps what it was asked."""
import http.server
import json
import threading


class Api(http.server.BaseHTTPRequestHandler):
    """Keeps what it was asked: (method, path, headers, body)."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.take(None)

    def do_POST(self):
        self.take(self.rfile.read(int(self.headers["Content-Length"])).decode())

    def take(self, body):
        if self.path != "/robots.txt":
            self.server.asked.append((self.command, self.path, dict(self.headers), body))
        status, kind, text, more = self.server.answer(self, body)
        raw = text.encode()
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(raw)))
        for name, value in more.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(raw)

    def log_message(self, *_):
        pass


def reply(value, status=200, **more):
    return status, "application/json", json.dumps(value), more


def serve(answer):
    """A server that answers by answer(request, body); its base, too."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Api)
    server.asked = []

    def answer_or_nothing(request, body):
        if request.path == "/robots.txt":
            return reply({}, 404)
        return answer(request, body)

    server.answer = answer_or_nothing
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server, "http://127.0.0.1:%d" % server.server_port
