"""The one loop: for every block, play, listen, understand, respond, and do what is to be done.

Time is the number of blocks exchanged. A sound card paces them, a file lets them fly, a keyboard
follows the wall clock; nothing here knows which. So a session with files replays exactly.
"""

import heapq
from collections import deque
from collections.abc import Iterator
from concurrent.futures import Future
from functools import partial

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import (
    BLOCK_SECONDS,
    Device,
    Incoming,
    Samples,
)
from assistant.audio.mixer import Mixer
from assistant.dialogue.effects import (
    ChangeVoice,
    Delivery,
    Earcon,
    Effect,
    Expect,
    Forget,
    Hush,
    LayStrokes,
    Prepare,
    Quit,
    Save,
    SavePace,
    SaveProfile,
    Say,
    SetVolume,
    Wait,
)
from assistant.dialogue.events import (
    Called,
    DeviceChanged,
    Event,
    Heard,
    NotUnderstood,
    Said,
    Started,
    StrokeDone,
    TimePassed,
    VoiceChanged,
)
from assistant.dialogue.state import MODES, UNDER_WAY, State
from assistant.dialogue.status import status
from assistant.dialogue.table import ENDING, respond
from assistant.dialogue.turn import DialogueContent
from assistant.hearing.endpointer import SpeechAbandoned, SpeechStarted, Utterance
from assistant.hearing.speech_input import InlineSpeechInput
from assistant.hearing.threaded_input import ThreadedSpeechInput
from assistant.history.pace_file import PaceFile
from assistant.history.place_file import PlaceFile
from assistant.history.profile_file import ProfileFile
from assistant.screen.screen import Screen
from assistant.speaking.renderer import Renderer
from assistant.speaking.silent_voice import SilentVoice
from assistant.transcript import Transcript
from assistant.understanding.attention import Attention
from assistant.understanding.grammar import Grammar
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.phrase_cache import recall_phrases

WHISPER = np.float32(10 ** (-12 / 20))
"""Gain of whispered speech, 12 dB down; the sounds stay as they are."""


class Session:
    """One conversation from hello to goodbye. `ears` None: everything is typed."""

    def __init__(
        self,
        *,
        device: Device,
        content: DialogueContent,
        interpreter: Interpreter,
        renderer: Renderer,
        screen: Screen,
        transcript: Transcript,
        places: PlaceFile,
        profiles: ProfileFile,
        ears: InlineSpeechInput | ThreadedSpeechInput | None = None,
        attention: Attention | None = None,
        paces: PaceFile | None = None,
        mixer: Mixer | None = None,
        loudness: float = 1.0,
        speech_rate: float = 1.0,
    ) -> None:
        self.attention = attention
        self.device, self.ears, self.interpreter = device, ears, interpreter
        self.content, self.renderer, self.places = content, renderer, places
        self.profiles, self.paces = profiles, paces or PaceFile(None)
        self.screen, self.transcript = screen, transcript
        self.mixer = mixer or Mixer(audible=device.audible)
        self.mixer.volume = loudness
        self._loudness, self._speech_rate = loudness, speech_rate
        self._voice = renderer.voice
        self._changes: deque[VoiceChanged] = deque()
        self.state = State(place=places.load(), profile=profiles.load(), pace=self.paces.load())
        self.over = False
        self.blocks = 0
        self._troubles: set[str] = set()
        self._to_say: deque[Say] = deque()
        self._timers: list[tuple[int, int]] = []
        self._user_speaks = False
        self._spoke_over = False
        self._first_words: Future[Samples | None] = Future()

    @property
    def seconds(self) -> float:
        """How long the session has lasted, in its own time."""
        return self.blocks * BLOCK_SECONDS

    @property
    def speaking(self) -> bool:
        """Whether the coach is saying something, or is about to."""
        return self.mixer.speaking or bool(self._to_say)

    def run(self) -> None:
        """Hold the conversation until one side ends it."""
        self.start()
        while not self.over:
            self.step()

    def start(self) -> None:
        """Say hello; its words are rendered while what would hold up the loop is made ready."""
        self._handle(Started())
        if isinstance(self.ears, ThreadedSpeechInput):
            self._get_ready(self.ears)
            return
        self.interpreter.unfold()
        if self.ears:
            for mode in MODES:
                self.ears.prepare(self.interpreter.grammar(mode))
        self._listen_for(self.state.mode)

    def _get_ready(self, ears: ThreadedSpeechInput) -> None:
        modes = sorted(MODES, key=lambda mode: mode != self.state.mode)

        def grammars() -> list[Grammar]:
            recall_phrases(self.interpreter, MODES)
            self.interpreter.unfold()
            return [self.interpreter.grammar(mode) for mode in modes]

        ears.get_ready(grammars, self._first_words)

    def step(self) -> None:
        """Live through one block."""
        played = self.mixer.next_block()
        incoming = self.device.exchange(played)
        self.blocks += 1
        for event in self._events(incoming, played):
            self._handle(event)
        self._say_what_is_ready()
        if incoming.ended:  # who has typed the last line still wants to read the answer
            self.over = self.over or not (self.device.realtime and self.speaking)

    def close(self) -> None:
        """End it, now and silently; a massage under way keeps its place."""
        if self.state.place is not None and self.state.mode in UNDER_WAY:
            self.places.save(self.state.place)
        self._first_words.cancel()
        self.device.close()
        self.renderer.close()
        self.screen.close()

    def _events(self, incoming: Incoming, played: Samples) -> Iterator[Event]:
        for change in incoming.changes:
            self.transcript.add(self.seconds, device=change)
            if self.ears:
                self.ears.change_devices()
            yield DeviceChanged(change)
        yield from self._passed()  # first, or a stroke that ends as the user speaks is done twice
        for line in incoming.lines:
            yield self._understood(line)
        if self.ears:
            yield from self._heard(incoming.block, played)
        yield from self._of_the_voice()
        while self._timers and self._timers[0][0] <= self.blocks and not self._user_speaks:
            yield TimePassed(heapq.heappop(self._timers)[1])

    def _passed(self) -> Iterator[Event]:
        """Yield what has been played to its end."""
        for passed in self.mixer.passed():
            if passed.word:
                self.transcript.add(self.seconds, count=passed.word)
            elif passed.index:
                yield StrokeDone(passed.tag, passed.index)
            else:
                yield Said(passed.tag)

    def _of_the_voice(self) -> Iterator[Event]:
        """Yield what has become of the coach's voice: the session notices when it was replaced."""
        while self._changes:
            yield self._changes.popleft()
        voice = self.renderer.voice
        if voice is not self._voice:
            self._voice = voice
            yield VoiceChanged("voice lost" if isinstance(voice, SilentVoice) else "voice failed")

    def _heard(self, block: Samples, played: Samples) -> Iterator[Event]:
        assert self.ears is not None
        for news in self.ears.listen(block, played):
            match news:
                case SpeechStarted():
                    self._user_speaks = True
                    self._spoke_over = self.speaking or self.mixer.counting
                case SpeechAbandoned():
                    self._user_speaks = False
                case Utterance():
                    self._user_speaks = False
                    event = self._meant(news)
                    if event and (isinstance(event, Heard) or not self._spoke_over):
                        yield event  # else it was for somebody else, or an echo: leave it alone
                    self._spoke_over = False
            self.mixer.duck(self._user_speaks)

    def _meant(self, said: Utterance) -> Event | None:
        """Return what was said, or None if an attention word is wanted and was not said.

        What ends a massage never needs it.
        """
        event = self._understood(said.text, said)
        if self.attention is None:
            return event
        if self.attention.called(said.text, said.end):
            return Called()
        if self.attention.addressed(said.text, said.start):
            return event
        intents = event.intents if isinstance(event, Heard) else ()
        urgent = tuple(intent for intent in intents if intent.name in ENDING)
        return Heard(urgent) if urgent else None

    def _understood(self, text: str, spoken: Utterance | None = None) -> Event:
        intents = tuple(self.interpreter.interpret(text, self.state.mode))
        times = {}
        if spoken:
            times = {n: round(getattr(spoken, n), 3) for n in ("start", "end", "decided")}
        named = [{"intent": i.name, "slots": dict(i.slots)} for i in intents]
        self.transcript.add(self.seconds, user=text, intents=named, **times)
        self.screen.user(text, bool(intents))
        if intents:
            return Heard(intents)
        return NotUnderstood() if spoken else self._suggested(text)

    def _suggested(self, typed: str) -> NotUnderstood:
        """Return what a typed line is most like; a misheard one is never guessed at."""
        mode = self.state.mode
        nearest = self.interpreter.nearest(typed, mode)
        if nearest is None:
            return NotUnderstood()
        return NotUnderstood(nearest, tuple(self.interpreter.interpret(nearest, mode)))

    def _handle(self, event: Event) -> None:
        before = self.state
        self.state, effects = respond(self.content, before, event)
        self._note_changes(before, event)
        for effect in effects:
            self._perform(effect)
        self._render_next()
        if self.mixer.bed:
            self.mixer.bed.on = self.state.mode == "guiding" and self.state.sound != "silence"
        self.screen.status(status(self.state))

    def _perform(self, effect: Effect) -> None:  # noqa: C901 - one case per effect
        match effect:
            case Say():
                self._to_say.append(effect)
            case ChangeVoice():
                changed = self.renderer.change_voice()
                self._voice = self.renderer.voice
                self._changes.append(VoiceChanged("another voice" if changed else "no other voice"))
            case Hush():
                self._to_say.clear()
                self.mixer.hush()
                if self.ears:
                    self.ears.coach_hushed()
            case Earcon(kind):
                self.mixer.earcon(kind)
            case LayStrokes():
                self._lay(effect)
            case Wait(seconds, tag):
                heapq.heappush(self._timers, (self.blocks + round(seconds / BLOCK_SECONDS), tag))
            case Expect(mode):
                self._listen_for(mode)
            case SetVolume(gain):
                self.mixer.volume = gain * self._loudness
            case Prepare(texts, rate):
                self.renderer.prepare(texts, rate * self._speech_rate)
            case Save(place):
                self._say_once(self.places.save(place))
            case Forget():
                self.places.forget()
            case SaveProfile(profile):
                self._say_once(self.profiles.save(profile))
            case SavePace(pace):
                self._say_once(self.paces.save(pace))
            case Quit():
                self.over = True

    def _lay(self, strokes: LayStrokes) -> None:
        """Lay strokes now, with the words that are ready: no stroke waits for one."""
        texts = dict.fromkeys(word.text for word in strokes.track.words)
        clips = {text: self._clip(text, strokes.rate, strokes.delivery) for text in texts}
        ready = {text: clip for text, clip in clips.items() if clip is not None}
        self.mixer.strokes(strokes.track, strokes.tag, ready)

    def _render_next(self) -> None:
        """Have what is to be said rendered first, in the order in which it will be said."""
        for say in reversed(self._to_say):
            if say.delivery != "unspoken":
                self.renderer.prepare([say.text], say.rate * self._speech_rate)

    def _say_once(self, trouble: str) -> None:
        """Remark what could not be kept; a disk that is full now is full at the next step, too."""
        if trouble and trouble not in self._troubles:
            self._troubles.add(trouble)
            self.screen.note(trouble)

    def _say_what_is_ready(self) -> None:
        """Begin the next sentence once the last one is over and this one is rendered."""
        if not self._to_say or self.mixer.speaking:
            return
        say = self._to_say[0]
        clip = self._clip(say.text, say.rate, say.delivery)
        if clip is not None:
            self._note_first_words(clip)
            self._to_say.popleft()
            self.mixer.say(clip, say.tag)
            if self.ears and clip.samples is not None:  # what is only written has no echo
                self.ears.coach_says(say.text, clip.seconds)
            self.transcript.add(self.seconds, coach=say.text)
            self.screen.coach(say.text)

    def _note_first_words(self, clip: Clip) -> None:
        """Let the ears have what is said first: they warm up with it."""
        if not self._first_words.done():
            self._first_words.set_result(clip.for_warming_up)

    def _clip(self, text: str, rate: float, delivery: Delivery) -> Clip | None:
        """Return the clip; None where time goes by and it is not ready."""
        rate *= self._speech_rate
        if delivery == "unspoken":
            return SilentVoice().render(text, rate)
        if self.device.realtime and self.device.audible:
            clip = self.renderer.clip(text, rate)
        else:
            clip = self.renderer.wait(text, rate)
        if clip is None or clip.samples is None or delivery == "aloud":
            return clip
        return Clip(clip.length, clip.samples * WHISPER)

    def _listen_for(self, mode: str) -> None:
        if self.ears:
            self.ears.expect(partial(self.interpreter.grammar, mode))

    def _note_changes(self, before: State, event: Event) -> None:
        """Write into the transcript what the event changed, beside what is said."""
        now, place, then = self.state, self.state.place, before.place
        if isinstance(event, StrokeDone) and event.tag == before.awaited and then:
            run = then.strokes
            assert run is not None
            of, side = run.count + then.extra, run.side
            stroke = then.stroke + 1
            self.transcript.add(self.seconds, stroke=stroke, of=of, step=then.step + 1, side=side)
        if now.mode != before.mode:
            self.transcript.add(self.seconds, mode=now.mode)
        begun = before.mode != "guiding" or then is None or place is None or then.step != place.step
        if now.mode == "guiding" and place is not None and begun:
            self.transcript.add(self.seconds, step=place.step + 1, title=place.now.title)
