"""A real Chromium, driven over its DevTools protocol."""

import asyncio
import base64
import contextlib
import itertools
import shutil
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest

PHONE, DESKTOP = 390, 1280
_FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--remote-debugging-port=0",
)
_START_SECONDS = 60.0


class Browser:
    """A page of Chromium, over its DevTools protocol."""

    def __init__(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        self._socket = socket
        self._ids = itertools.count(1)
        self.complaints: list[str] = []

    async def call(self, method: str, **params: object) -> dict:
        number = next(self._ids)
        await self._socket.send_json({"id": number, "method": method, "params": params})
        while True:
            message = await self._socket.receive_json()
            self._note(message)
            if message.get("id") == number:
                assert "error" not in message, message
                return message["result"]

    async def evaluate(self, expression: str) -> object:
        answer = await self.call("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    async def open(self, path: Path, width: int) -> None:
        for domain in ("Page", "Runtime", "Log"):
            await self.call(f"{domain}.enable")
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width, height=844, deviceScaleFactor=1, mobile=width < 600,
        )  # fmt: skip
        await self.call("Page.navigate", url=path.as_uri())
        while await self.evaluate("document.readyState") != "complete":  # noqa: ASYNC110
            await asyncio.sleep(0.02)

    async def screenshot(self, path: Path) -> None:
        answer = await self.call("Page.captureScreenshot", captureBeyondViewport=True)
        path.write_bytes(base64.b64decode(answer["data"]))  # noqa: ASYNC240 - nobody waits

    def _note(self, message: dict) -> None:
        if message.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(str(message["params"]["exceptionDetails"]))
        elif message.get("method") == "Log.entryAdded":
            self.complaints.append(message["params"]["entry"]["text"])
        elif message.get("method") == "Runtime.consoleAPICalled":
            self.complaints.append(str(message["params"]["args"]))


@contextlib.asynccontextmanager
async def browser(profile: Path) -> AsyncIterator[Browser]:
    binary = next(
        filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), ""
    )
    if not binary:
        pytest.fail("no Chromium is installed: `apt-get install -y chromium`")
    process = subprocess.Popen(  # noqa: ASYNC220 - starts in milliseconds
        [binary, *_FLAGS, f"--user-data-dir={profile}", "about:blank"],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        async with asyncio.timeout(_START_SECONDS):
            port_file = profile / "DevToolsActivePort"
            while not port_file.exists() or "\n" not in port_file.read_text():
                assert process.poll() is None, "Chromium ended at its start"
                await asyncio.sleep(0.05)
        port = port_file.read_text().split("\n")[0]
        async with aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/json/list") as answer:
                pages = [each for each in await answer.json() if each["type"] == "page"]
            address = pages[0]["webSocketDebuggerUrl"]
            async with session.ws_connect(address, max_msg_size=0) as socket:
                yield Browser(socket)
    finally:
        process.terminate()
        process.wait(timeout=30)


async def visit(chromium: Browser, address: str, width: int) -> None:
    for domain in ("Page", "Runtime", "Log"):
        await chromium.call(f"{domain}.enable")
    await chromium.call(
        "Emulation.setDeviceMetricsOverride",
        width=width, height=844, deviceScaleFactor=1, mobile=width < 600,
    )  # fmt: skip
    await chromium.evaluate("window.left = true")
    await chromium.call("Page.navigate", url=address)
    await arrived(chromium)


async def arrived(chromium: Browser) -> None:
    """Wait until another document than the one that was left is complete."""
    under_way = "window.left === true || document.readyState !== 'complete'"
    while await chromium.evaluate(under_way):  # noqa: ASYNC110 - the browser tells nothing
        await asyncio.sleep(0.02)


async def follow(chromium: Browser, selector: str) -> None:
    await chromium.evaluate(f"window.left = true, document.querySelector({selector!r}).click()")
    await arrived(chromium)


async def press(chromium: Browser, key: str, code: int, text: str = "") -> None:
    for kind in ("keyDown", "keyUp"):
        await chromium.call(
            "Input.dispatchKeyEvent",
            type=kind, key=key, code=key, windowsVirtualKeyCode=code,
            **({"text": text} if text and kind == "keyDown" else {}),
        )  # fmt: skip
