"""Debian's Firefox, driven over Marionette, its own protocol: JSON with its length before it, over a socket."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

PROGRAMS = ("firefox-esr", "firefox")
#: As a person's Firefox is, but for what would ask other machines; its session is written more often.
_PREFERENCES = {
    "app.update.enabled": False,
    "browser.aboutwelcome.enabled": False,
    "browser.sessionstore.interval": 1000,
    "browser.shell.checkDefaultBrowser": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "remote.prefs.recommended": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
}
_HANG = 120
_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"


def firefox() -> str | None:
    return next(filter(None, map(shutil.which, PROGRAMS)), None)


class Firefox:
    """One started Firefox with ``profile``, and its first tab."""

    def __init__(self, profile: Path, **preferences: Any) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        lines = {**_PREFERENCES, **preferences, "marionette.port": port}
        (profile / "user.js").write_text(
            "".join(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in lines.items())
        )
        program = firefox()
        assert program
        self._process = subprocess.Popen(
            [
                program, "--headless", "--no-remote", "--marionette", "--remote-allow-system-access",
                "--profile", str(profile),
            ],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True,
            env={**os.environ, "HOME": str(profile.parent), "MOZ_CRASHREPORTER_DISABLE": "1"},
        )  # fmt: skip
        self._numbers = itertools.count(1)
        self._socket = self._connected(port)
        self._read()
        self("WebDriver:NewSession", {"unhandledPromptBehavior": "ignore"})

    def _connected(self, port: int) -> socket.socket:
        hang = time.monotonic() + _HANG
        while True:
            try:
                return socket.create_connection(("127.0.0.1", port), timeout=_HANG)
            except ConnectionRefusedError:
                assert time.monotonic() < hang
                assert self._process.poll() is None, "Firefox ended"
                time.sleep(0.2)

    def _read(self) -> Any:
        length = b""
        while (byte := self._socket.recv(1)) != b":":
            assert byte, "Firefox is gone"
            length += byte
        data = b""
        while len(data) < int(length):
            data += self._socket.recv(int(length) - len(data))
        return json.loads(data)

    def __call__(self, command: str, parameters: dict[str, Any] | None = None) -> Any:
        message = json.dumps([0, next(self._numbers), command, parameters or {}]).encode()
        self._socket.sendall(b"%d:%b" % (len(message), message))
        _kind, _number, error, result = self._read()
        if error:
            raise RuntimeError(f"{error['error']}: {error['message']}")
        return result.get("value", result) if isinstance(result, dict) else result

    def goes_to(self, url: str) -> None:
        self("WebDriver:Navigate", {"url": url})

    def script(self, code: str, *arguments: Any) -> Any:
        """The value of a function's body in the page."""
        return self("WebDriver:ExecuteScript", {"script": code, "args": list(arguments)})

    def element(self, css: str) -> str:
        """The first element that fits, when it is there."""
        return str(self.until(lambda: self("WebDriver:FindElement", {"using": "css selector", "value": css}))[_ELEMENT])

    def types(self, css: str, text: str) -> None:
        self("WebDriver:ElementSendKeys", {"id": self.element(css), "text": text})

    def clicks(self, css: str) -> None:
        self("WebDriver:ElementClick", {"id": self.element(css)})

    def asks_to_save_a_password(self) -> bool:
        """Whether the bar beside the address does, or did: the question stays there until somebody answers."""
        self("Marionette:SetContext", {"value": "chrome"})
        window = "Services.wm.getMostRecentWindow('navigator:browser')"
        found = self.script(f"return {window}.PopupNotifications.getNotification('password') !== null")
        self("Marionette:SetContext", {"value": "content"})
        return bool(found)

    def until(self, look: Any) -> Any:
        """What ``look`` gives as soon as it is something."""
        hang = time.monotonic() + _HANG
        while True:
            with contextlib.suppress(RuntimeError):
                if found := look():
                    return found
            assert time.monotonic() < hang
            time.sleep(0.1)

    def kill(self) -> None:
        """As a power cut does it."""
        self._socket.close()
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def close(self) -> None:
        with contextlib.suppress(AssertionError, OSError, RuntimeError):
            self("Marionette:Quit", {"flags": ["eAttemptQuit"]})
        try:
            self._process.wait(_HANG / 4)
        except subprocess.TimeoutExpired:
            self.kill()
