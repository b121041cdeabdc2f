"""Draws a step's score as a timeline, in rows like sheet music; the one door to matplotlib.

Each row has what is said, what is counted, the strokes with their earcons, and the waveforms of the
left and right speaker as they were really mixed.
"""

from math import ceil
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING

import numpy as np

from assistant.audio.device import RATE_OUT
from assistant.errors import PictureError
from assistant.routine.plan import Side
from assistant.routine.track import StrokeSound
from assistant.score.step_recording import RecordedClip, StepRecording, Stroke

if TYPE_CHECKING:
    from matplotlib.axes import Axes

LONGEST_ROW = 30.0
"""Seconds in one row: a sentence can still be read inside its bar."""
INCHES_WIDE, INCHES_PER_ROW = 16.0, 3.1
LETTERS_PER_INCH = 17.5
"""At FONT_SIZE."""
FONT_SIZE = 7.5
COLUMNS = 2400
"""Columns of the waveform; finer detail could not be seen."""
SAID, COUNTED, STROKES = (2.1, 1.6), (1.55, 0.5), (0.0, 1.4)
"""Bottom and height of each lane."""

_KINDS = {
    "title": "#c8d3e6",
    "what": "#dfe5ee",
    "cue": "#e4eedd",
    "caution": "#f6dcd2",
    "side": "#e6daf0",
    "lead in": "#fbe9b7",
    "close": "#c8d3e6",
    "count": "#fff6d8",
}
_SIDES: dict[Side, str] = {"both": "#4f5b6b", "left": "#1f77b4", "right": "#d2691e"}
_EARCONS: dict[StrokeSound, tuple[str, str]] = {
    "switch sides": ("D", "change sides"),
    "stroke": ("o", "stroke"),
    "turn": ("v", "turn"),
    "last stroke": ("s", "last stroke"),
}


def require_drawing() -> None:
    """Raise PictureError when matplotlib is not installed."""
    try:
        import matplotlib  # noqa: F401 - only to see whether it is installed
    except ImportError:
        raise PictureError(
            'Drawing a score needs matplotlib; type: pip install "massage-assistant[picture]"'
        ) from None


def draw(recording: StepRecording, title: str, path: Path) -> None:
    """Write the picture as PNG, SVG or PDF, depending on the suffix.

    Raises PictureError when the file cannot be written, or as `require_drawing` does.
    """
    require_drawing()
    from matplotlib.figure import Figure

    rows = max(1, ceil(recording.seconds / LONGEST_ROW))
    length = recording.seconds / rows
    figure = Figure(figsize=(INCHES_WIDE, INCHES_PER_ROW * rows + 0.9), layout="constrained")
    figure.suptitle(title, fontsize=FONT_SIZE + 5)
    axes = figure.subplots(2 * rows, squeeze=False, height_ratios=[2.2, 1] * rows)[:, 0]
    for row in range(rows):
        span = (row * length, (row + 1) * length)
        _draw_score(axes[2 * row], recording, span)
        _draw_sound(axes[2 * row + 1], recording, span)
    axes[-1].set_xlabel("seconds", fontsize=FONT_SIZE + 1)
    figure.legend(**_legend(), loc="outside lower center", ncols=12, fontsize=FONT_SIZE)
    try:
        figure.savefig(path, dpi=110)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error).split("(")[0].strip()
        raise PictureError(
            f"{path} cannot be written: {why}. Choose another place, with a name ending in .png."
        ) from None


def _draw_score(axes: "Axes", recording: StepRecording, span: tuple[float, float]) -> None:
    axes.set(xlim=span, ylim=(-0.15, sum(SAID) + 0.1), xticks=[])
    axes.set_yticks(
        [low + high / 2 for low, high in (STROKES, COUNTED, SAID)], ["strokes", "counted", "said"]
    )
    axes.tick_params(labelsize=FONT_SIZE, length=0)
    axes.spines[:].set_visible(False)
    for spoken in recording.spoken:
        _draw_spoken(axes, spoken, span)
    for stroke in recording.strokes:
        _draw_stroke(axes, stroke, span)
    low, high = STROKES
    for earcon in recording.earcons:
        if span[0] <= earcon.at < span[1]:
            shape, _ = _EARCONS[earcon.sound]
            axes.plot(earcon.at, low + high * 0.3, shape, color=_SIDES[earcon.side], markersize=6)


def _draw_spoken(axes: "Axes", spoken: RecordedClip, span: tuple[float, float]) -> None:
    """Draw a bar with text in it; if it continues in the next row, the longer part has the text."""
    start, end = max(spoken.start, span[0]), min(spoken.end, span[1])
    if start >= end:
        return
    low, high = COUNTED if spoken.kind == "count" else SAID
    axes.broken_barh(
        [(start, end - start)], (low, high), facecolor=_KINDS[spoken.kind], edgecolor="#8a94a3"
    )
    if end - start >= (spoken.end - spoken.start) / 2:
        inches = (end - start) * INCHES_WIDE * 0.93 / (span[1] - span[0])
        text = "\n".join(wrap(spoken.text, max(6, int(inches * LETTERS_PER_INCH))))
        middle = ((start + end) / 2, low + high / 2)
        axes.text(*middle, text, fontsize=FONT_SIZE, ha="center", va="center")


def _draw_stroke(axes: "Axes", stroke: Stroke, span: tuple[float, float]) -> None:
    start, end = max(stroke.start, span[0]), min(stroke.end, span[1])
    if start >= end:
        return
    low, high = STROKES
    shade = 0.22 if stroke.number % 2 else 0.1
    color = _SIDES[stroke.side]
    axes.broken_barh([(start, end - start)], STROKES, facecolor=color, alpha=shade)
    if start == stroke.start:
        number, height = str(stroke.number), low + high * 0.72
        axes.text(start, height, f" {number}", fontsize=FONT_SIZE, color=color, va="center")


def _draw_sound(axes: "Axes", recording: StepRecording, span: tuple[float, float]) -> None:
    """Draw the peak of each column, the left speaker upward, the right speaker downward."""
    first, last = (round(second * RATE_OUT) for second in span)
    loudness = np.abs(recording.sound[first:last])
    starts = np.linspace(0, len(loudness), min(COLUMNS, len(loudness)), endpoint=False, dtype=int)
    largest = np.maximum.reduceat(loudness, starts)
    times = span[0] + starts / RATE_OUT
    axes.fill_between(times, largest[:, 0], color=_SIDES["left"], linewidth=0)
    axes.fill_between(times, -largest[:, 1], color=_SIDES["right"], linewidth=0)
    axes.set(xlim=span, ylim=(-1, 1), xticks=range(ceil(span[0]), int(span[1]) + 1))
    axes.set_yticks([0.5, -0.5], ["left", "right"])
    axes.tick_params(labelsize=FONT_SIZE)
    axes.spines[["top", "right"]].set_visible(False)


def _legend() -> dict[str, list[object]]:
    from matplotlib.lines import Line2D
    from matplotlib.patches import Patch

    bars = [Patch(facecolor=color, edgecolor="#8a94a3", label=k) for k, color in _KINDS.items()]
    shapes = [
        Line2D([], [], color=_SIDES["both"], marker=shape, linestyle="", label=label)
        for shape, label in _EARCONS.values()
    ]
    return {"handles": [*bars, *shapes]}
