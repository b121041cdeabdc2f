"""Asking back: what the user may have meant, or whether something is wrong.

A "yes" does it, a "no" drops it, and so does silence, or anything else that is said. Health is
never asked about this way, but for one question: whether something is wrong.
"""

from assistant.dialogue import turn_taking
from assistant.dialogue.events import NotUnderstood, TimePassed, Unsure
from assistant.dialogue.turn import Turn
from assistant.understanding.intent import Intent


def unsure(turn: Turn, event: Unsure) -> None:
    """Ask which of the wishes was meant, or whether something is wrong."""
    if event.perhaps[0].name == "pain":
        _is_something_wrong(turn, event.perhaps)
        return
    wishes = tuple(wish for wish in event.perhaps if _text(turn, wish))
    if not wishes:
        turn_taking.not_understood(turn, NotUnderstood())
        return
    texts = [_text(turn, wish) for wish in wishes]
    wish = turn.text("choice", first=texts[0], last=texts[1]) if len(texts) > 1 else texts[0]
    turn.change(suggested=wishes)
    if turn.state.mode == "guiding":
        turn.aside("did you mean?", wish=wish[:1].upper() + wish[1:])
        turn.wait(turn_taking.ANSWER_WITHIN)
    else:
        turn.reply("did you mean?", wish=wish[:1].upper() + wish[1:])


def _is_something_wrong(turn: Turn, perhaps: tuple[Intent, ...]) -> None:
    """Ask, while the hands rest; "yes" is then a report of what was perhaps meant."""
    if turn.state.mode == "guiding":
        symptom = str(perhaps[0].slots.get("symptom", "hurts"))
        turn.ask("something wrong", "is something wrong?", about=symptom)
    else:
        turn.reply("is something wrong?")
        turn.change(suggested=perhaps)


def _text(turn: Turn, wish: Intent) -> str:
    """Return the name of a wish, to ask about; "" if it has none."""
    routine, topic = (str(wish.slots.get(slot, "")) for slot in ("routine", "topic"))
    if routine in turn.content.titles:
        return turn.content.titles[routine].lower()
    if topic:
        title = turn.content.topic_titles.get(topic, "")
        return title and turn.text("perhaps ask", topic=title[:1].lower() + title[1:].rstrip("?"))
    key = f"perhaps {wish.name}"
    return turn.text(key) if key in turn.content.replies.wordings else ""


def drop(turn: Turn, _: TimePassed) -> None:
    """Drop what was asked back; the massage has gone on meanwhile."""
    turn.change(timer=0, suggested=())


def not_that(turn: Turn, _: Intent) -> None:
    """Drop what was asked back; what is going on goes on."""
    turn.reply("not that")
