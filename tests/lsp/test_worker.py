from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import pytest
from mmscaffold.lsp.worker import Urgency, Worker


@pytest.fixture
def worker() -> Iterator[Worker]:
    one = Worker()
    yield one
    one.end()


def test_the_most_urgent_comes_first(worker: Worker):
    order: list[str] = []
    gate = threading.Event()
    worker.do(Urgency.REQUEST, gate.wait)
    background = worker.do(Urgency.BACKGROUND, lambda: order.append("background"))
    worker.do(Urgency.FINDINGS, lambda: order.append("findings"))
    worker.do(Urgency.REQUEST, lambda: order.append("first"))
    worker.do(Urgency.REQUEST, lambda: order.append("second"))
    assert worker.is_wanted
    gate.set()
    background.result(10)
    assert order == ["first", "second", "findings", "background"]
    assert not worker.is_wanted


def test_what_was_cancelled_is_never_done(worker: Worker):
    gate = threading.Event()
    done: list[int] = []
    worker.do(Urgency.REQUEST, gate.wait)
    dropped = worker.do(Urgency.REQUEST, lambda: done.append(1))
    kept = worker.do(Urgency.REQUEST, lambda: done.append(2))
    assert dropped.cancel()
    gate.set()
    kept.result(10)
    assert done == [2]


def test_a_fault_is_told_and_ends_nothing(worker: Worker):
    def fail() -> None:
        raise SystemExit(3)

    with pytest.raises(SystemExit):
        worker.do(Urgency.REQUEST, fail).result(10)
    assert worker.do(Urgency.REQUEST, lambda: 7).result(10) == 7


def test_it_ends_without_what_is_left():
    worker = Worker()
    gate = threading.Event()
    done: list[int] = []
    worker.do(Urgency.REQUEST, gate.wait)
    worker.do(Urgency.BACKGROUND, lambda: done.append(1))
    worker.end()
    gate.set()
    deadline = time.monotonic() + 10
    while worker._thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    assert not worker._thread.is_alive()
    assert done == []
