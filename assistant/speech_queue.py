"""What the coach is going to say: rendered in time, begun in order, whispered where wished.

Promises: sentences come in the order in which they were asked for, each right after the last; no
stroke waits for a word; the loop never waits for a voice while time passes.
"""

from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import Samples
from assistant.audio.mixer import Mixer
from assistant.dialogue.effects import Delivery, LayStrokes, Prepare, Say
from assistant.dialogue.events import VoiceChanged
from assistant.speaking.renderer import Renderer
from assistant.speaking.silent_voice import SilentVoice

WHISPER = np.float32(10 ** (-12 / 20))
"""Gain of whispered speech, -12 dB; earcons stay as they are."""


class SpeechQueue:
    """Feeds the mixer with rendered speech.

    `rate` multiplies all speech rates. `waits`: time does not pass while a clip is rendered (files,
    typed conversations), so that one that is not ready is waited for.
    """

    def __init__(
        self, renderer: Renderer, mixer: Mixer, *, rate: float = 1.0, waits: bool = False
    ) -> None:
        self.renderer = renderer
        self.first_clip: Future[Samples | None] = Future()
        """The coach's first words for the recognizer, (n,) at 16 kHz, once they are rendered."""
        self._mixer, self._rate, self._waits = mixer, rate, waits
        self._queue: deque[Say] = deque()
        self._voice = renderer.voice
        self._asked: deque[VoiceChanged] = deque()
        self._silent = SilentVoice()

    @property
    def speaking(self) -> bool:
        """Whether the coach is saying something, or is about to."""
        return self._mixer.speaking or bool(self._queue)

    def say(self, say: Say) -> None:
        """Queue a sentence."""
        self._queue.append(say)

    def hush(self) -> None:
        """Cut what is being said and done, and drop what waits."""
        self._queue.clear()
        self._mixer.hush()

    def lay(self, strokes: LayStrokes) -> None:
        """Lay strokes from now on, with those of their words that are ready."""
        texts = dict.fromkeys(word.text for word in strokes.track.words)
        clips = {text: self._clip(text, strokes.rate, strokes.delivery) for text in texts}
        ready = {text: clip for text, clip in clips.items() if clip is not None}
        self._mixer.strokes(strokes.track, strokes.tag, ready)

    def prepare(self, coming: Prepare) -> None:
        """Render ahead what will be said soon."""
        self.renderer.prepare(coming.texts, coming.rate * self._rate)

    def render_next(self) -> None:
        """Render what is queued before all else, in the order in which it will be said."""
        for say in reversed(self._queue):
            if say.delivery != "unspoken":
                self.renderer.prepare([say.text], say.rate * self._rate)

    def begin(self) -> tuple[Say, Clip] | None:
        """Begin the next sentence if the last one is over and this one is rendered."""
        if not self._queue or self._mixer.speaking:
            return None
        say = self._queue[0]
        clip = self._clip(say.text, say.rate, say.delivery)
        if clip is None:
            return None
        if not self.first_clip.done():
            self.first_clip.set_result(clip.for_warming_up)
        self._queue.popleft()
        self._mixer.say(clip, say.tag)
        return say, clip

    def change_voice(self) -> None:
        """Speak in another voice from now on, if there is one."""
        changed = self.renderer.change_voice()
        self._voice = self.renderer.voice
        self._asked.append(VoiceChanged("another voice" if changed else "no other voice"))

    def voice_changes(self) -> Iterator[VoiceChanged]:
        """Yield what has become of the voice, wished for or not, since the last call."""
        while self._asked:
            yield self._asked.popleft()
        if self.renderer.voice is not self._voice:
            self._voice = self.renderer.voice
            lost = isinstance(self._voice, SilentVoice)
            yield VoiceChanged("voice lost" if lost else "voice failed")

    def close(self) -> None:
        """Stop rendering; what waits for the first words waits no longer."""
        self.first_clip.cancel()
        self.renderer.close()

    def _clip(self, text: str, rate: float, delivery: Delivery) -> Clip | None:
        """Return the clip; None where time passes and it is not ready."""
        rate *= self._rate
        if delivery == "unspoken":
            return self._silent.render(text, rate)
        wanted = self.renderer.wait if self._waits else self.renderer.clip
        clip = wanted(text, rate)
        if clip is None or clip.samples is None or delivery == "aloud":
            return clip
        return Clip(clip.length, clip.samples * WHISPER)
