"""Chromium without a window, spoken to over a pair of pipes: what opens a page and asks it questions."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
    "--host-resolver-rules=MAP * ~NOTFOUND", "--disable-background-networking", "--remote-debugging-pipe",
)  # fmt: skip
CONSOLE = ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded")

# Chromium reads from descriptor 3 and writes to 4; high numbers first, or one copy could overwrite the other's source.
PLUMBING = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
for end, wanted in zip(ends, (3, 4)):
    os.dup2(end, wanted)
os.execv(sys.argv[3], sys.argv[3:])
"""


def program() -> str | None:
    """Return where Chromium is, if it is anywhere."""
    return next((found for found in map(shutil.which, NAMES) if found), None)


@dataclass
class Page:
    """One page: calls of the DevTools protocol, and the events that came meanwhile."""

    sending: int
    receiving: int
    session: str = ""
    calls: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)
    rest: bytes = b""

    def call(self, method: str, **parameters: Any) -> Any:
        """Call a method and return its result; a refusal is an error."""
        self.calls += 1
        message: dict[str, Any] = {"id": self.calls, "method": method, "params": parameters}
        if self.session:
            message["sessionId"] = self.session
        _write_all(self.sending, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self.calls:
                assert "error" not in answer, (method, answer["error"])
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, event: str) -> None:
        """Wait until an event has come."""
        while not any(seen.get("method") == event for seen in self.events):
            self.events.append(self._next())

    def asked(self, expression: str) -> Any:
        """Return the value of a JavaScript expression, awaited if it is a promise."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def opened(self, path: Path) -> None:
        """Open a file and wait until it is there; the events are those of this page alone."""
        self.events.clear()
        self.call("Page.navigate", url=path.as_uri())
        self.wait_for("Page.loadEventFired")

    def screen(self, width: int, *, dark: bool) -> None:
        """Show the page on a screen of this width in pixels, in dark or light colours."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=900, deviceScaleFactor=1, mobile=False)
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", features=[scheme])

    def complaints(self) -> list[str]:
        """Return what stood in the console, and what the page asked the network for."""
        said = [json.dumps(event["params"]) for event in self.events if event.get("method") in CONSOLE]
        requests = [event for event in self.events if event.get("method") == "Network.requestWillBeSent"]
        asked = [event["params"]["request"]["url"] for event in requests]
        return [*said, *(url for url in asked if not url.startswith(("file:", "data:")))]

    def _next(self) -> dict[str, Any]:
        while b"\0" not in self.rest:
            more = os.read(self.receiving, 1 << 20)
            assert more, "Chromium has gone"
            self.rest += more
        first, _, self.rest = self.rest.partition(b"\0")
        message = json.loads(first)
        assert isinstance(message, dict)
        return message


@contextmanager
def opened_page(chromium: str, profile: Path, environment: Mapping[str, str] | None = None) -> Iterator[Page]:
    """Start Chromium, perhaps with more environment variables, and end it when the page is no longer wanted."""
    for_chromium, sending = os.pipe()
    receiving, from_chromium = os.pipe()
    plumbed = [sys.executable, "-c", PLUMBING, str(for_chromium), str(from_chromium)]
    command = [*plumbed, chromium, *OPTIONS, f"--user-data-dir={profile}", "about:blank"]
    with subprocess.Popen(
        command,
        pass_fds=(for_chromium, from_chromium),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        env={**os.environ, **(environment or {})},
    ) as running:
        os.close(for_chromium)
        os.close(from_chromium)
        page = Page(sending, receiving)
        try:
            target = page.call("Target.createTarget", url="about:blank")["targetId"]
            page.session = page.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
            for domain in ("Page", "Runtime", "Log", "Network"):
                page.call(f"{domain}.enable")
            yield page
        finally:
            running.kill()
            os.close(sending)
            os.close(receiving)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]
