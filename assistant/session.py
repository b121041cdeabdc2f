"""The one loop: for every block, play, listen, understand, respond, and do what is to be done.

Time is the number of blocks exchanged. A sound card paces them, a file lets them run as fast as the
processor allows, a keyboard follows the wall clock, and nothing here can tell which. So a session
with files replays exactly.
"""

import heapq
from collections.abc import Iterator
from functools import partial

from assistant.audio.device import BLOCK_SECONDS, Device, Incoming, Samples
from assistant.audio.mixer import Mixer
from assistant.dialogue import effects, events
from assistant.dialogue.respond import respond
from assistant.dialogue.state import MODES, UNDER_WAY, State
from assistant.dialogue.status import status
from assistant.dialogue.turn import DialogueContent
from assistant.hearing.speech_events import SpeechAbandoned, SpeechStarted, Utterance
from assistant.hearing.speech_input import SpeechInput
from assistant.history.user_store import UserStore
from assistant.screen.screen import Screen
from assistant.session_log import SessionLog
from assistant.speech_queue import SpeechQueue
from assistant.transcript import Transcript
from assistant.user_input import UserInput


class Session:
    """One conversation, from hello to goodbye, that begins in the state `initial`."""

    def __init__(
        self,
        *,
        device: Device,
        content: DialogueContent,
        user_input: UserInput,
        speech_input: SpeechInput,
        speech: SpeechQueue,
        mixer: Mixer,
        screen: Screen,
        log: SessionLog,
        store: UserStore,
        initial: State,
        volume: float = 1.0,
    ) -> None:
        self.device, self.content, self.user_input = device, content, user_input
        self.speech_input, self.speech, self.mixer = speech_input, speech, mixer
        self.screen, self.log, self.store = screen, log, store
        self.state, self.over, self.blocks = initial, False, 0
        self.mixer.volume = volume
        self._volume = volume
        self._timers: list[tuple[int, int]] = []
        self._user_speaks = self._spoke_over = False
        self._not_saved = ""

    @property
    def seconds(self) -> float:
        """How long the session has lasted, in its own time."""
        return self.blocks * BLOCK_SECONDS

    @property
    def transcript(self) -> Transcript:
        """What was said and done so far."""
        return self.log.transcript

    @property
    def speaking(self) -> bool:
        """Whether the coach is saying something, or is about to."""
        return self.speech.speaking

    def run(self) -> None:
        """Hold the conversation until one side ends it."""
        self.start()
        while not self.over:
            self.step()

    def start(self) -> None:
        """Say hello; its words are rendered while the speech input gets ready."""
        self._handle(events.Started())
        modes = sorted(MODES, key=lambda mode: mode != self.state.mode)
        grammars = partial(self.user_input.ready_grammars, modes)
        self.speech_input.start(grammars, self.speech.first_clip)

    def step(self) -> None:
        """Run one block."""
        played = self.mixer.next_block()
        incoming = self.device.exchange(played)
        self.blocks += 1
        for event in self._events(incoming, played):
            self._handle(event)
        if begun := self.speech.begin():
            say, clip = begun
            self.log.coach(self.seconds, say.text)
            if clip.samples is not None:  # what is only written has no echo
                self.speech_input.coach_says(say.text, clip.seconds)
        if incoming.ended:  # after the last typed line, the user still wants to read the answer
            self.over = self.over or not (self.device.realtime and self.speaking)

    def close(self) -> None:
        """End it, now and silently; a massage under way keeps its place."""
        if self.state.place is not None and self.state.mode in UNDER_WAY:
            self.store.save_place(self.state.place)
        self.device.close()
        self.speech.close()
        self.screen.close()

    def _events(self, incoming: Incoming, played: Samples) -> Iterator[events.Event]:
        for change in incoming.changes:
            self.log.device(self.seconds, change)
            self.speech_input.change_devices()
            yield events.DeviceChanged(change)
        yield from self._passed()  # first, or a stroke that ends as the user speaks is done twice
        for line in incoming.lines:
            meaning = self.user_input.typed_meaning(line, self.state.mode)
            self.log.user(self.seconds, line, meaning, None)
            yield self.user_input.typed(meaning)
        yield from self._heard(incoming.block, played)
        yield from self.speech.voice_changes()
        while self._timers and self._timers[0][0] <= self.blocks and not self._user_speaks:
            yield events.TimePassed(heapq.heappop(self._timers)[1])

    def _passed(self) -> Iterator[events.Event]:
        """Yield what has been played to its end."""
        for passed in self.mixer.passed():
            if passed.word:
                self.log.counted(self.seconds, passed)
            elif passed.index:
                yield events.StrokeDone(passed.tag, passed.index)
            else:
                yield events.Said(passed.tag)

    def _heard(self, block: Samples, played: Samples) -> Iterator[events.Event]:
        for heard in self.speech_input.listen(block, played):
            match heard:
                case SpeechStarted():
                    self._user_speaks = True
                    self._spoke_over = self.speaking or self.mixer.counting
                case SpeechAbandoned():
                    self._user_speaks = False
                case Utterance():
                    self._user_speaks = False
                    meaning = self.user_input.spoken_meaning(heard, self.state.mode)
                    self.log.user(self.seconds, heard.text, meaning, heard)
                    event, why = self.user_input.spoken(heard, meaning, over_coach=self._spoke_over)
                    if event is None:
                        self.log.ignored(self.seconds, heard.text, why)
                    else:
                        yield event
                    self._spoke_over = False
            self.mixer.duck(self._user_speaks)

    def _handle(self, event: events.Event) -> None:
        before = self.state
        self.state, todo = respond(self.content, before, event)
        self.log.changes(self.seconds, before, self.state, event)
        for effect in todo:
            self._perform(effect)
        if self._not_saved:  # told before anything of the answer is heard
            self.log.trouble(self._not_saved)
            self._not_saved = ""
            self._handle(events.PlaceNotSaved())
        self.speech.render_next()
        if self.mixer.bed:
            self.mixer.bed.on = self.state.mode == "guiding" and self.state.sound != "silence"
        self.screen.status(status(self.state))

    def _perform(self, effect: effects.Effect) -> None:  # noqa: C901 - one case per effect
        match effect:
            case effects.Say():
                self.speech.say(effect)
            case effects.ChangeVoice():
                self.speech.change_voice()
            case effects.Hush():
                self.speech.hush()
                self.speech_input.coach_hushed()
            case effects.Earcon(kind):
                self.mixer.earcon(kind)
            case effects.LayStrokes():
                self.speech.lay(effect)
            case effects.Wait(seconds, tag):
                heapq.heappush(self._timers, (self.blocks + round(seconds / BLOCK_SECONDS), tag))
            case effects.Expect(mode):
                self.speech_input.expect(partial(self.user_input.interpreter.grammar, mode))
            case effects.SetVolume(gain):
                self.mixer.volume = gain * self._volume
            case effects.Prepare():
                self.speech.prepare(effect)
            case effects.Save(place):
                self._not_saved = self.store.save_place(place)
            case effects.Forget():
                self.store.forget_place()
            case effects.SaveProfile(profile):
                self.log.trouble(self.store.save_profile(profile))
            case effects.SavePace(pace):
                self.log.trouble(self.store.save_pace(pace))
            case effects.Quit():
                self.over = True
