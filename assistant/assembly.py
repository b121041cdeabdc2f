"""Puts the parts together: the one place that knows which real part stands behind each contract."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import lru_cache
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.audio.device import Device
from assistant.audio.mixer import Mixer
from assistant.config import Settings
from assistant.dialogue.state import State
from assistant.dialogue.turn import DialogueContent
from assistant.errors import SettingsError
from assistant.folders import cache_folder
from assistant.hearing.endpointer import Endpointer
from assistant.hearing.speech_input import InlineSpeechInput, NoSpeechInput, SpeechInput
from assistant.history.user_store import UserStore
from assistant.library.library import Library, own_examples_folder
from assistant.library.own_examples import read_own_examples
from assistant.library.shipped import (
    load_concerns,
    load_health,
    load_knowledge,
    load_replies,
    load_safety,
)
from assistant.routine.health import Health
from assistant.screen.screen import Screen
from assistant.session import Session
from assistant.session_log import SessionLog
from assistant.speaking.renderer import Renderer
from assistant.speech_queue import SpeechQueue
from assistant.transcript import Transcript
from assistant.understanding.attention import Attention
from assistant.understanding.intent import Intent
from assistant.understanding.interpreter import Interpreter
from assistant.understanding.meaning_finder import MeaningFinder
from assistant.understanding.normalize import words_of
from assistant.understanding.paraphrases import Paraphrases
from assistant.understanding.template_files import SENTENCES, load_templates
from assistant.understanding.templates import Templates
from assistant.understanding.vector_cache import KnownSentences
from assistant.user_input import UserInput

if TYPE_CHECKING:
    from assistant.hearing.vosk import VoskModel, VoskRecognizer

_SAMPLES_OF_TEMPLATE = 8
"""Sentences of one template by which a routine is asked for; more of them only differ in "the"."""


def make_content(library: Library, today: date) -> DialogueContent:
    """Return what the dialogue knows, on this day."""
    titles = {name: routine.title for name, routine in library.routines.items()}
    made_for: dict[str, str] = {}
    for name, routine in library.routines.items():
        if routine.made_for:
            made_for.setdefault(routine.made_for, name)
    pressures = {str(name): text for name, text in library.narration.pressure.items()}
    knowledge = load_knowledge()
    return DialogueContent(
        replies=load_replies(),
        safety=load_safety(),
        health=load_health(),
        today=today,
        titles=titles,
        made_for=made_for,
        pressures=pressures,
        topic=knowledge.answer,
        topic_titles={name: topic.title for name, topic in knowledge.questions.items()},
        concerns={n: c.topic for n, c in load_concerns().concerns.items() if c.topic},
        plan=library.plan,
    )


def make_interpreter(
    library: Library | None, sentences: Path | None = None, attention: str | None = None
) -> Interpreter:
    """Return the interpreter of the shipped sentences, or of any template file."""
    if sentences is not None:
        return Interpreter(load_templates([sentences]))
    lists = {"topic": load_knowledge().heard_as(), "condition": load_health().heard_as()}
    if library:
        lists["routine"] = library.heard_as()
        lists["area"] = library.own_areas_heard_as()

    def templates() -> Templates:
        shipped = load_templates(sorted(SENTENCES.glob("*.yaml")), lists)
        return replace(shipped, fillers=(*shipped.fillers, *([attention] if attention else ())))

    return Interpreter(templates)


@lru_cache(maxsize=2)
def make_meaning_finder(interpreter: Interpreter) -> MeaningFinder:
    """Return what understands the shipped domain: templates, the model, concerns, own examples."""
    model = Paraphrases.load()
    concerns = KnownSentences(lambda: concern_sentences(interpreter), model)
    own = KnownSentences(
        lambda: read_own_examples(own_examples_folder())[0],
        model,
        path=cache_folder() / "own-meanings.npy",
        center_of=concerns,
    )
    return MeaningFinder(interpreter, model, concerns.nearest, own.nearest)


def concern_sentences(interpreter: Interpreter) -> list[tuple[str, Intent]]:
    """Return what people say when they want a massage, and the massage that is for it."""
    from hassil.intents import TextSlotList
    from hassil.sample import sample_expression

    listed = interpreter.templates.lists["routine"]
    assert isinstance(listed, TextSlotList)
    sentences = [
        (text.strip(), Intent("start", {"routine": str(value.value_out)}))
        for value in listed.values
        for text in islice(sample_expression(value.text_in), _SAMPLES_OF_TEMPLATE)
    ]
    for name, concern in load_concerns().concerns.items():
        slots = {"routine": concern.routine, **({"concern": name} if concern.topic else {})}
        sentences += [(said, Intent("start", slots)) for said in concern.said]
    return sentences


def make_endpointer(settings: Settings) -> Endpointer:
    """Return an endpointer with the real recognizers.

    Raises ModelError when there is no model, SettingsError for a word that it cannot hear.
    """
    model = load_speech_model(settings)
    words = words_of(settings.attention or "")
    if settings.attention and not (words and model.knows(words)):
        raise SettingsError(
            f"The speech model does not know the attention word '{settings.attention}': "
            "choose an everyday word, such as coach."
        )
    return Endpointer(*make_recognizers(model))


def make_speech_input(endpointer: Endpointer) -> InlineSpeechInput:
    """Return speech input that decides with `endpointer`."""
    from assistant.echo.canceller import EchoCanceller

    return InlineSpeechInput(endpointer, EchoCanceller())


def reused_speech_input(
    recognizer: "VoskRecognizer", open_recognizer: "VoskRecognizer"
) -> InlineSpeechInput:
    """Return new speech input with recognizers that may have heard an earlier session."""
    for used in (recognizer, open_recognizer):
        used.restart()
    return make_speech_input(Endpointer(recognizer, open_recognizer))


def load_speech_model(settings: Settings) -> "VoskModel":
    """Return the speech model; raises ModelError when there is none, or it is broken."""
    from assistant.hearing.model_trial import trial_fault
    from assistant.hearing.vosk import VoskModel
    from assistant.speech_model.store import sound_model

    named = Path(settings.model) if settings.model else None
    return VoskModel(sound_model(named, trial_fault))


def make_recognizers(model: "VoskModel") -> tuple["VoskRecognizer", "VoskRecognizer"]:
    """Return a recognizer for grammars, and one for the open vocabulary."""
    from assistant.hearing.vosk import VoskRecognizer

    return VoskRecognizer(model), VoskRecognizer(model)


def make_renderer(
    settings: Settings, device: Device, health: Health, on_trouble: Callable[[str], None]
) -> Renderer:
    """Return the chosen voice with its cache; where nobody listens, timing only.

    What names a condition of `health` is not kept on disk.
    """
    from assistant.speaking.choose import choose_voices
    from assistant.speaking.clip_cache import ClipCache

    if not device.audible:
        return Renderer(choose_voices("silent"), None, on_trouble)
    return Renderer(
        choose_voices(settings.voice), ClipCache(is_private=health.names_one), on_trouble
    )


def make_mixer(settings: Settings, device: Device) -> Mixer:
    """Return a mixer with the user's sound bed; raises AudioFileError if that cannot be read."""
    if not (settings.bed and device.audible):
        return Mixer(audible=device.audible)
    from assistant.audio.sound_bed import SoundBed

    return Mixer(bed=SoundBed(Path(settings.bed).expanduser()))


def make_session(
    settings: Settings,
    device: Device,
    screen: Screen,
    transcript: Transcript,
    *,
    content: DialogueContent,
    interpreter: Interpreter,
    store: UserStore | None = None,
    initial: State | None = None,
    speech_input: SpeechInput | None = None,
    renderer: Renderer | None = None,
    mixer: Mixer | None = None,
) -> Session:
    """Return a session on `device`.

    Without a `store` nothing about the user is kept. `initial` is by default what the store has;
    `speech_input` None means that everything is typed.
    """
    store = store or UserStore(None, content.health)
    log = SessionLog(transcript, screen)
    mixer = mixer or make_mixer(settings, device)
    speech = SpeechQueue(
        renderer or make_renderer(settings, device, content.health, screen.note),
        mixer,
        rate=settings.rate,
        waits=not (device.realtime and device.audible),
    )
    return Session(
        device=device,
        content=content,
        user_input=UserInput(
            make_meaning_finder(interpreter),
            Attention(settings.attention) if settings.attention else None,
        ),
        speech_input=speech_input or NoSpeechInput(),
        speech=speech,
        mixer=mixer,
        screen=screen,
        log=log,
        store=store,
        initial=initial or kept_state(store),
        volume=settings.volume,
    )


def kept_state(store: UserStore) -> State:
    """Return the state in which a user begins of whom `store` has kept something."""
    return State(place=store.place(), profile=store.profile(), pace=store.pace())
