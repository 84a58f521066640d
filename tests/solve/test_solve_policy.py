"""What is typed or pasted into an editor cannot be sent anywhere."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from solve_browser import RIGHT, Exercise, chapter_of

pytestmark = pytest.mark.browser

# Around every name that the page hides from an answer. It runs when the
# answer is defined; what it meets is printed.
PASTED = """import sys
def attempt(code):
    try:
        sys.modules["pyodide.code"].run_js(code)
        print("ran", code)
    except BaseException as refused:
        print("refused", type(refused).__name__)
for code in ("import('{0}/a')", "fetch('{0}/b')", "importScripts('{0}/c')"):
    attempt(code)
"""
# The same from a worker of the page's own making, without Python.
TRY = """(there) => new Promise((done) => {
  const source = `
    const found = [];
    const tries = [() => fetch('${there}/d'), () => import('${there}/e'),
      () => importScripts('${there}/f'), () => eval('1'),
      () => new WebSocket('${there.replace("http", "ws")}/g')
        .addEventListener("open", () => found.push("open"))];
    (async () => {
      for (const one of tries)
        try { await one(); found.push("ran"); } catch { found.push("no"); }
      setTimeout(() => postMessage(found), 300);
    })();`;
  const blob = new Blob([source], {type: "text/javascript"});
  const worker = new Worker(URL.createObjectURL(blob));
  worker.onmessage = ({data}) => done(data);
})"""


@pytest.fixture
def chapter(html, served, visit):
    return chapter_of(html, served, visit)


@pytest.fixture
def elsewhere():
    """Another site: its address, and what it was asked."""
    asked = []

    class Site(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            self.send_response(200)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Content-Type", "text/javascript")
            self.end_headers()

        do_POST = do_GET

        def log_message(self, *_):
            """Say nothing about requests."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    server.server_close()


def test_a_worker_of_the_page_asks_no_other_site(chapter, elsewhere, visit):
    there, asked = elsewhere
    page = chapter()
    tried = page.evaluate(TRY, there)
    assert tried[:4] == ["no"] * 4 and "open" not in tried
    assert asked == []
    # One from an address would not be held to the policy: there is none.
    made = "() => { try { new Worker('../_static/python_worker.js'); } "
    page.evaluate(made + "catch {} }")
    page.wait_for_timeout(100)
    told = [f for f in visit.faults if "Content Security Policy" in f]
    assert any("worker-src" in fault for fault in told)
    visit.faults.clear()


@pytest.mark.sweep
def test_pasted_code_asks_no_other_site(chapter, elsewhere, visit):
    there, asked = elsewhere
    softmax = Exercise(chapter())
    softmax.check(PASTED.format(there) + RIGHT, "Passed.")
    said = softmax.place.locator(".solve-report").text_content()
    assert "refused" in said and "ran" not in said
    assert asked == []
    visit.faults.clear()  # the browser tells of each refusal
