"""How the coach talks: less or more, softly, by sounds alone, in another voice.

What keeps the user safe is always said.
"""

from assistant.dialogue.effects import ChangeVoice
from assistant.dialogue.state import LEAST, MOST, State
from assistant.dialogue.turn import Turn
from assistant.routine.plan import Item, SpokenLine
from assistant.understanding.intent import Intent

COLOR = ("cue", "close")
"""Kinds of lines that can be left out: the user can still follow."""
WITHOUT_WORDS = ("title", "caution", "side", "lead in")
"""Kinds that remain without words: while they would be said, the hands move into place."""


def less_talking(turn: Turn, _: Intent) -> None:
    """Say less: no cues, no progress, no counting."""
    turn.change(talk=max(turn.state.talk - 1, LEAST))
    turn.reply("less talking")


def more_detail(turn: Turn, _: Intent) -> None:
    """Say more: what each step is for, beginning with this one."""
    turn.change(talk=min(turn.state.talk + 1, MOST))
    turn.reply("more detail")
    if turn.state.mode in ("guiding", "paused"):
        turn.speak(turn.place.now.why)


def sound(turn: Turn, intent: Intent) -> None:
    """Whisper, guide by sounds alone or silently, or speak as usual again."""
    wanted = str(intent.slots["sound"])
    turn.change(sound=wanted)
    turn.reply(f"sound {wanted}")


def change_voice(turn: Turn, _: Intent) -> None:
    """Speak in another voice, if there is one."""
    turn.do(ChangeVoice())


def unsaid(item: Item, state: State) -> bool:
    """Return whether to leave out `item`, given how much the coach is to say."""
    if not isinstance(item, SpokenLine):
        return False
    if state.wordless:
        return item.kind not in WITHOUT_WORDS
    return state.talk == LEAST and item.kind in COLOR


def is_lead_in(item: Item) -> bool:
    """Return whether strokes follow right after `item`."""
    return isinstance(item, SpokenLine) and item.kind == "lead in"
