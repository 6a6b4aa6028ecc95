"""The broker of one machine: a message is whole or not there, and an unreadable one stops nobody."""

from __future__ import annotations

import errno
import logging
import threading
from pathlib import Path
from queue import Empty
from typing import Any

import pytest
from django.conf import settings
from kombu import Connection

from config.celery import app
from config.embedded.file_broker import Channel, Transport

SECRET = "zanzibarquux"


@pytest.fixture
def channel(tmp_path: Path) -> Channel:
    connection = Connection(
        "filesystem://",
        transport="config.embedded.file_broker:Transport",
        transport_options={"folder": str(tmp_path / "broker")},
    )
    channel = connection.channel()
    assert isinstance(channel, Channel)
    return channel


def message(number: int, size: int = 0) -> dict[str, Any]:
    return {"body": "e30=", "headers": {"number": number, "more": "x" * size},
            "properties": {"delivery_tag": str(number), "body_encoding": "base64"}}  # fmt: skip


def numbers(channel: Channel, queue: str) -> list[int]:
    """What a reader gets from the queue until it is empty."""
    found = []
    while True:
        try:
            found.append(channel._get(queue)["headers"]["number"])
        except Empty:
            return found


def test_the_site_without_redis_uses_it() -> None:
    if not settings.CELERY_BROKER_URL.startswith("filesystem:"):
        pytest.skip("this run has a Redis")
    with app.connection_for_write() as connection:
        assert isinstance(connection.transport, Transport)


def test_each_queue_gives_its_messages_in_order_and_once(channel: Channel) -> None:
    for number in range(5):
        channel._put("celery", message(number))
        channel._put("other.celery", message(number + 10))
    assert channel._size("celery") == 5
    assert numbers(channel, "celery") == [0, 1, 2, 3, 4]
    assert channel._size("celery") == 0
    assert channel._purge("other.celery") == 5
    assert list(channel.folder.iterdir()) == []


def test_readers_beside_a_writer_get_whole_messages_each_once(channel: Channel) -> None:
    written = threading.Event()
    found: list[int] = []

    def write() -> None:
        for number in range(200):
            channel._put("celery", message(number, size=100_000))
        written.set()

    def read() -> None:
        done = False
        while not done:
            done = written.is_set()  # asked before the last look
            found.extend(numbers(channel, "celery"))

    threads = [threading.Thread(target=act) for act in (write, read, read)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(found) == list(range(200))
    assert list(channel.folder.iterdir()) == []


def test_a_message_that_could_not_be_written_was_never_there(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> None:
    seen = []

    def half(path: Path, text: str, **kwargs: Any) -> None:
        with path.open("w") as handle:
            handle.write(text[: len(text) // 2])
        seen.append(channel._size("celery"))
        raise OSError(errno.ENOSPC, "no space")

    monkeypatch.setattr(Path, "write_text", half)
    with pytest.raises(OSError, match="no space"):
        channel._put("celery", message(1))
    assert seen == [0], "half of it was there for readers"
    assert list(channel.folder.iterdir()) == []


UNREADABLE = {
    "empty": b"",
    "half of one": b'{"body": "e30=", "headers": {"number": 1, "more": "' + SECRET.encode(),
    "not text": b"\x00\xff" + SECRET.encode(),
    "another value": f'["{SECRET}"]'.encode(),
    "without its parts": f'{{"body": "{SECRET}"}}'.encode(),
    "a body that is none": b'{"body": 5, "properties": {"delivery_tag": "1", "body_encoding": "base64"}}',
    "a tag that is none": b'{"body": "e30=", "properties": {"delivery_tag": [], "body_encoding": "base64"}}',
    "a deep one": b"[" * 100_000,
}


@pytest.mark.parametrize("content", UNREADABLE.values(), ids=UNREADABLE)
def test_an_unreadable_message_is_set_aside(channel: Channel, caplog: pytest.LogCaptureFixture, content: bytes) -> None:
    (channel.folder / f"1_{SECRET}.celery.msg").write_bytes(content)
    channel._put("celery", message(7))
    with caplog.at_level(logging.WARNING):
        assert numbers(channel, "celery") == [7]
    assert [path.suffix for path in channel.folder.iterdir()] == [".unreadable"]
    (record,) = caplog.records
    assert record.name == "config.embedded.file_broker"
    assert SECRET not in record.getMessage()
    assert not record.exc_info
    assert numbers(channel, "celery") == [], "and never looked at again"
    assert len(caplog.records) == 1


def test_a_folder_in_place_of_a_message_is_set_aside(channel: Channel) -> None:
    (channel.folder / "1_x.celery.msg").mkdir()
    channel._put("celery", message(7))
    assert numbers(channel, "celery") == [7]
    assert channel._size("celery") == 0


def test_what_a_killed_process_left_is_no_message(channel: Channel) -> None:
    for suffix in ("part", "taken", "unreadable"):
        (channel.folder / f"1_x.celery.{suffix}").write_text("{")
    channel._put("celery", message(7))
    assert numbers(channel, "celery") == [7]
