"""Lays speech, strokes, earcons and the bed on one timeline, and plays it block by block.

Promises: every sound starts on its exact sample, counted from the start of the session, wherever
the block borders fall: a clip on the sample after the clip before, a stroke at its ideal time,
rounded once. The moments that the dialogue waits for (end of a clip, end of a stroke) come back as
cues from the same timeline, so that the coach acts on what was really played. Nothing ever clicks.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import BLOCK_OUT, RATE_OUT, SILENCE_OUT, Samples
from assistant.audio.earcons import EarconKind, earcon
from assistant.audio.glide import Glide
from assistant.audio.sound_bed import SoundBed
from assistant.routine.track import Track

FADE = 240
"""Samples at 48 kHz (5 ms) over which a sound fades when it is cut."""
DUCKED = 10 ** (-15 / 20)
"""Gain of the narration while the user speaks: -15 dB."""

_DUCK_PER_BLOCK = 1.0  # all the way down within one block
_UNDUCK_PER_BLOCK = 0.1  # back up over 180 ms: a sudden return would startle
_VOLUME_PER_BLOCK = 0.5
_KNEE = 0.8  # the soft limit bends peaks above this, and leaves what is below as it is
_NEVER = 1 << 62

_Bus = Literal["speech", "words", "strokes", "earcons"]
_VOICE: tuple[_Bus, ...] = ("speech", "words")
"""Mono, and lowered while the user speaks."""


@dataclass(frozen=True, slots=True)
class Passed:
    """A cue whose moment has been played."""

    tag: int
    """The caller's own number for the clip or the strokes."""
    index: int
    """The number of the stroke that is now complete; 0 at the end of a clip."""
    word: str = ""
    """A word that starts to be said on a stroke; then `index` is 0 and nothing has ended."""


@dataclass(frozen=True, slots=True)
class _Sound:
    start: int
    samples: Samples
    bus: _Bus


@dataclass(frozen=True, slots=True)
class _Cue:
    at: int
    passed: Passed
    until: int = 0
    """Where a word ends."""

    def overlaps(self, start: int, end: int) -> bool:
        """Whether it is a word that sounds between `start` and `end`."""
        return bool(self.passed.word) and self.at < end and self.until > start


class Mixer:
    """Places sounds on the timeline and plays them; `position` is now.

    With `audible` False nothing is synthesized or mixed: only the cues come, at the same moments.
    """

    def __init__(self, audible: bool = True, bed: SoundBed | None = None) -> None:
        self.position = 0
        """Samples at 48 kHz played so far."""
        self.bed = bed if audible else None
        """What plays under everything else."""
        self._audible = audible
        self._sounds: list[_Sound] = []
        self._cues: list[_Cue] = []
        self._passed: list[Passed] = []
        self._speech_end = 0
        self._word_end = 0
        self._quiet_until = _NEVER
        self._volume = Glide(1.0, _VOLUME_PER_BLOCK, _VOLUME_PER_BLOCK)
        self._duck = Glide(1.0, _DUCK_PER_BLOCK, _UNDUCK_PER_BLOCK)

    @property
    def volume(self) -> float:
        """Gain of everything, normally 1.0; changes gradually."""
        return self._volume.target

    @volume.setter
    def volume(self, gain: float) -> None:
        self._volume.target = gain

    @property
    def speaking(self) -> bool:
        """Whether a clip is playing or queued."""
        return self.position < self._speech_end

    @property
    def ending(self) -> bool:
        """Whether the last queued clip ends within the next block."""
        return self.position < self._speech_end <= self.position + BLOCK_OUT

    @property
    def counting(self) -> bool:
        """Whether a word on a stroke is being said."""
        return self.position < self._word_end

    def say(self, clip: Clip, tag: int) -> None:
        """Queue `clip` after what is being said; Passed(tag, 0) comes when it has been played.

        Words on strokes that would overlap with it are dropped.
        """
        start = max(self.position, self._speech_end, self._word_end)
        self._speech_end = start + clip.length
        self._drop_words(start, self._speech_end)
        if clip.samples is not None:
            self._place(start, clip.samples, "speech")
        self._cue([_Cue(self._speech_end, Passed(tag, 0))])

    def strokes(self, track: Track, tag: int, clips: Mapping[str, Clip] | None = None) -> None:
        """Start `track` now; Passed(tag, number) comes at the end of each stroke, from 1.

        A word is said if its clip is among `clips`, fits the room it has on the track, and overlaps
        with nothing else being said. Passed(tag, 0, word) comes when it starts.
        """
        for sound in track.sounds:
            self._place(self._moment(sound.at), earcon(sound.sound, track.side), "strokes")
        cues = [
            _Cue(self._moment(track.begins(number)), Passed(tag, number))
            for number in range(1, track.count + 1)
        ]
        for word in track.words:
            clip = clips.get(word.text) if clips else None
            if clip is not None and clip.seconds <= word.room:
                start = self._moment(word.at)
                if clip.samples is not None:
                    self._place(start, clip.samples, "words")
                cues.append(_Cue(start, Passed(tag, 0, word.text), start + clip.length))
        self._cue(cues)
        self._drop_words(self.position, self._speech_end)

    def earcon(self, kind: EarconKind) -> None:
        """Play `kind` at once, over everything else."""
        if self._audible:
            self._place(self.position, earcon(kind), "earcons")

    def hush(self) -> None:
        """Cut speech and strokes with a fade of 5 ms, and drop what has not started, cues too.

        Earcons from `earcon` play on: "heard" usually starts at the moment of a hush.
        """
        self._sounds = [
            sound if sound.bus == "earcons" else self._faded(sound)
            for sound in self._sounds
            if sound.bus == "earcons" or sound.start < self.position
        ]
        self._cues.clear()
        self._speech_end = self._word_end = self.position
        self._look_ahead()

    def duck(self, on: bool) -> None:
        """Lower speech and bed (not the earcons) by 15 dB within 20 ms, or raise them again."""
        self._duck.target = DUCKED if on else 1.0

    def passed(self) -> list[Passed]:
        """Return the cues that passed since the last call, in order."""
        passed, self._passed = self._passed, []
        return passed

    def next_block(self) -> Samples:
        """Return the next (960, 2) samples at 48 kHz, within full scale; 20 ms pass.

        A block in which nothing sounds is SILENCE_OUT itself: a long pause costs next to nothing,
        and a caller can tell silence by identity.
        """
        start, end = self.position, self.position + BLOCK_OUT
        bed = None
        if self.bed and self.bed.sounding:
            bed = self.bed.next_block(under_speech=self.speaking or self.counting)
        if end < self._quiet_until and bed is None:
            self.position = end
            return SILENCE_OUT
        sounding = [sound for sound in self._sounds if sound.start < end]
        heard = sounding or bed is not None
        block = self._mix(start, sounding, bed) if heard else SILENCE_OUT
        self._sounds = [s for s in self._sounds if s.start + len(s.samples) > end]
        self.position = end
        self._pass_cues()
        self._look_ahead()
        return block

    def _moment(self, seconds: float) -> int:
        return self.position + round(seconds * RATE_OUT)

    def _drop_words(self, start: int, end: int) -> None:
        """Drop the words between these samples that have not started."""
        dropped = {cue.at for cue in self._cues if cue.overlaps(start, end)}
        if dropped:
            self._cues = [cue for cue in self._cues if not cue.overlaps(start, end)]
            self._sounds = [s for s in self._sounds if s.bus != "words" or s.start not in dropped]
            self._look_ahead()

    def _place(self, start: int, samples: Samples, bus: _Bus) -> None:
        if not self._audible:
            return
        bed = self.bed is not None and self.bed.sounding
        if self._quiet_until > self.position + BLOCK_OUT and not bed:
            # Gains move only in blocks that are mixed, so after a pause they may be out of date.
            self._volume.settle()
            self._duck.settle()
        self._sounds.append(_Sound(start, samples, bus))
        self._quiet_until = min(self._quiet_until, start)

    def _cue(self, cues: Iterable[_Cue]) -> None:
        self._cues = sorted([*self._cues, *cues], key=lambda cue: cue.at)
        self._look_ahead()

    def _faded(self, sound: _Sound) -> _Sound:
        """Return what remains of a sound that is cut now.

        It starts one sample in the past, so that a second hush right after finds it started and
        does not drop it.
        """
        start = self.position - 1
        rest = sound.samples[start - sound.start :][: FADE + 1]
        ramp = np.linspace(1.0, 0.0, FADE + 1, dtype=np.float32)[: len(rest)]
        return _Sound(start, (rest.T * ramp).T, sound.bus)

    def _mix(self, start: int, sounds: list[_Sound], bed: Samples | None) -> Samples:
        """Return the sum of what sounds in the block that starts at `start`."""
        speech = np.zeros((BLOCK_OUT, 1), np.float32)
        block = np.zeros((BLOCK_OUT, 2), np.float32)
        for sound in sounds:
            at = max(0, sound.start - start)
            part = sound.samples[max(0, start - sound.start) :][: BLOCK_OUT - at]
            if sound.bus in _VOICE:
                speech[at : at + len(part), 0] += part
            else:
                block[at : at + len(part)] += part
        block += (speech if bed is None else speech + bed) * self._duck.ramp()
        return _limited(block * self._volume.ramp())

    def _pass_cues(self) -> None:
        while self._cues and self._cues[0].at <= self.position:
            cue = self._cues.pop(0)
            self._word_end = max(self._word_end, cue.until)
            self._passed.append(cue.passed)

    def _look_ahead(self) -> None:
        """Find the next sample at which a sound or a cue is due."""
        cue = self._cues[0].at if self._cues else _NEVER
        self._quiet_until = min([cue, *(sound.start for sound in self._sounds)])


def _limited(block: Samples) -> Samples:
    """Bend what exceeds the knee smoothly toward full scale, which it never reaches."""
    size = np.abs(block)
    if size.max() <= _KNEE:
        return block
    over = np.maximum(size - _KNEE, 0) / (1 - _KNEE)
    bent: Samples = np.copysign(np.minimum(size, _KNEE) + (1 - _KNEE) * np.tanh(over), block)
    return bent
