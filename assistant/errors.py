"""Every error that a user can meet. Each message is one sentence or two: what, where, what to do.

MassageError
├── SettingsError       a flag, an environment variable or the settings file is wrong
├── ModelError          the speech model is missing, cannot be fetched, or is broken
├── AudioFileError      a WAV file cannot be read or written
├── DeviceError         a microphone or speaker is missing or went away
├── VoiceError          a text-to-speech engine or voice cannot be used
├── PictureError        a picture cannot be drawn or written
├── ProfileError        the health answers cannot be deleted
├── ContentError        a content file is wrong (path, line, field, found, allowed)
├── PlanRefused         there is no such massage for this user: health, or a missing tool
├── UnknownTool         no tool of that name; those that there are, are named
├── UnknownRoutine      no routine of that name; the nearest are offered
└── ScriptError         a dialogue script is wrong or was not followed
"""


class MassageError(Exception):
    """Something that the user can mend; its text is shown as it is, never with a traceback."""

    exit_status = 1


class SettingsError(MassageError):
    """A flag, an environment variable or the settings file is wrong."""

    exit_status = 2


class ModelError(MassageError):
    """The speech model is missing, cannot be fetched, or is broken."""


class AudioFileError(MassageError):
    """A WAV file cannot be read or written."""


class DeviceError(MassageError):
    """A microphone or speaker is missing or went away."""

    exit_status = 3


class VoiceError(MassageError):
    """A text-to-speech engine or voice cannot be used."""


class PictureError(MassageError):
    """A picture cannot be drawn or written."""


class ProfileError(MassageError):
    """The health answers cannot be deleted."""


class ContentError(MassageError):
    """A content file is wrong; the text names path, line, field, what was found, and allowed."""


class PlanRefused(MassageError):  # noqa: N818 - says what it is without a suffix
    """No such massage for this user; the text is sentences to say: the reasons."""


class UnknownTool(MassageError):  # noqa: N818 - says what it is without a suffix
    """No tool of that name; the text names those that there are."""

    exit_status = 2


class UnknownRoutine(MassageError):  # noqa: N818 - says what it is without a suffix
    """No routine of that name; the text offers the nearest."""


class ScriptError(MassageError):
    """A dialogue script is wrong or was not followed."""
