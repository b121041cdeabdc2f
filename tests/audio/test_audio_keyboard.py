"""Typing: lines arrive one by one, and the end is noticed after the last."""

import io
import os
import subprocess
import sys

from assistant.audio.device import SILENCE_OUT, Incoming
from assistant.audio.keyboard import KeyboardDevice
from assistant.audio.wall_clock import WallClock


def type_all(text: str) -> list[Incoming]:
    device = KeyboardDevice(io.StringIO(text))
    incoming = [device.exchange(SILENCE_OUT)]
    while not incoming[-1].ended and len(incoming) < 250:
        incoming.append(device.exchange(SILENCE_OUT))
    device.close()
    return incoming


def test_each_line_comes_in_a_block_of_its_own_and_then_the_end():
    blocks = type_all("puffy eyes\n  \nstop")
    assert [block.lines for block in blocks if block.lines] == [("puffy eyes",), ("stop",)]
    assert blocks[-1].ended
    assert not blocks[-1].lines


def test_no_typing_at_all_ends_too():
    assert type_all("")[-1].ended


def test_bytes_that_are_no_text_do_not_end_the_conversation():
    reading, writing = os.pipe()
    os.write(writing, b"caf\xff\xe9\nstop\n")
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as stream:
        device = KeyboardDevice(stream)
        blocks = [device.exchange(SILENCE_OUT)]
        while not blocks[-1].ended and len(blocks) < 250:
            blocks.append(device.exchange(SILENCE_OUT))
    assert [line for block in blocks for line in block.lines][1:] == ["stop"]


def test_the_wall_clock_does_not_drift_and_makes_up_for_late_blocks():
    now = 100.0
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        naps.append(seconds)
        now += seconds + 0.001  # sleeping always takes a little longer

    clock = WallClock(lambda: now, sleep)
    for _ in range(500):
        clock.wait()
    assert 109.999 < now < 110.002
    now += 0.4
    naps.clear()
    for _ in range(20):
        clock.wait()
    assert sum(naps) < 0.02


def test_the_wall_clock_goes_on_from_where_it_was_after_a_long_sleep():
    """A laptop that was closed in the middle of a step does not race through it afterwards."""
    now = 100.0
    naps: list[float] = []

    def sleep(seconds: float) -> None:
        nonlocal now
        naps.append(seconds)
        now += seconds

    clock = WallClock(lambda: now, sleep)
    clock.wait()
    now += 3600.0
    for _ in range(50):
        clock.wait()
    assert sum(naps) > 0.9


def test_a_user_who_types_nothing_does_not_keep_the_program_alive():
    program = (
        "from assistant.audio.keyboard import KeyboardDevice\n"
        "from assistant.audio.device import SILENCE_OUT\n"
        "KeyboardDevice().exchange(SILENCE_OUT)\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        assert process.wait(timeout=20) == 0
        assert process.stderr is not None
        assert process.stderr.read() == b""
