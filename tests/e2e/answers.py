"""A board whose answers a test says by path, and sources that read it."""
import http.server
import json
import threading

FIELDS = "fields: { external_id: $.id, title: $.title, url: $.url, %s: $.%s }\n"
MANNERS = """
limits: { rate: unlimited, timeout: 5s, concurrency: 8 }
allow_private: true
"""


class Server:
    """Answers by path; what a path answers can be changed at any time."""

    def __init__(self):
        answers = self.answers = {}

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                answer = answers.get(self.path) or answers.get(self.path.split("?")[0]) or (404, "not here", {})
                if callable(answer):
                    answer = answer(self.path)
                status, body, headers = answer
                body = body.encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.send_header("Content-Type", "text/html" if body[:1] == b"<" else "application/json")
                for name, value in headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        http.server.ThreadingHTTPServer.daemon_threads = True
        self.http = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.base = "http://127.0.0.1:%d" % self.http.server_port
        threading.Thread(target=self.http.serve_forever, daemon=True).start()

    def set(self, path, body, status=200, **headers):
        if not isinstance(body, str):
            body = json.dumps(body)
        self.answers[path] = (status, body, {k.replace("_", "-"): v for k, v in headers.items()})


def jobs(n, first=0, **more):
    """The answer of a board of n jobs."""
    return {"jobs": [{"id": i, "title": "Engineer %d" % i, "url": "https://x.example/%d" % i, **more}
                     for i in range(first, first + n)]}  # fmt: skip


def source(r, server, name, more="", path=None, field="company"):
    """A source file, enabled; it has that field, too."""
    text = "source: %s\nurl: %s/%s\nformat: json\njobs: $.jobs[*]\n" % (name, server.base, path or name)
    return "\n  %s: {}" % r.write(name + ".yaml", text + FIELDS % (field, field) + MANNERS + more)
