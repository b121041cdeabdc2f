"""Does before the first start what it would take seconds for; `massage setup` calls it.

That is finding the recognizer's phrases, comparing the names of massages, and rendering the first
words, for which a neural voice has to be loaded. All of it goes into the user's cache folder.
Without it the first start is only slower.
"""

from contextlib import closing
from datetime import date

from assistant.assembly import make_content, make_interpreter, make_meaning_finder
from assistant.config import load_settings
from assistant.dialogue.effects import Say
from assistant.dialogue.events import Started
from assistant.dialogue.respond import respond
from assistant.dialogue.state import MODES, State
from assistant.errors import VoiceError
from assistant.library.library import Library, load_library
from assistant.speaking.choose import choose_voices
from assistant.speaking.clip_cache import ClipCache
from assistant.speaking.renderer import Renderer
from assistant.understanding.phrase_cache import recall_phrases


def prepare_first_start() -> None:
    """Find the phrases and render the first words, with the voice of the settings file."""
    settings = load_settings({})
    library = load_library()
    interpreter = make_interpreter(library, attention=settings.attention)
    recall_phrases(interpreter, MODES)
    make_meaning_finder(interpreter).prepare()
    try:
        renderer = Renderer(choose_voices(settings.voice), ClipCache())
    except VoiceError:
        return  # the start itself says what is wrong with the voice
    with closing(renderer):
        for say in _first_words(library):
            renderer.wait(say.text, say.rate * settings.rate)


def _first_words(library: Library) -> list[Say]:
    _, effects = respond(make_content(library, date.today()), State(), Started())
    return [effect for effect in effects if isinstance(effect, Say)]
