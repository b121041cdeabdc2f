"""Every error that a user can meet. A message says in a sentence or two what, where, what to do.

MassageError
├── SettingsError       an option, an environment variable or the settings file is wrong
├── ModelError          the speech model is missing, broken, or cannot be downloaded
├── AudioFileError      a file that holds or describes audio cannot be read or written
├── DeviceError         a microphone or speaker is missing or cannot be used
├── VoiceError          a text-to-speech engine or voice cannot be used
├── PictureError        a picture cannot be drawn or written
├── ProfileError        the health answers cannot be deleted
├── ContentError        a content file is wrong (path, line, field, found, allowed)
├── PlanRefused         this user cannot have this massage: health, or a missing tool
├── UnknownTool         there is no tool of that name
├── UnknownRoutine      there is no routine of that name
└── ScriptError         a dialogue script is wrong, or the conversation went another way
"""


class MassageError(Exception):
    """Something the user can fix. The text is shown as it is, without a traceback."""

    exit_status = 1


class SettingsError(MassageError):
    """An option, an environment variable or the settings file is wrong."""

    exit_status = 2


class ModelError(MassageError):
    """The speech model is missing, broken, or cannot be downloaded."""


class AudioFileError(MassageError):
    """A recording, a sound bed or a transcript cannot be read or written."""


class DeviceError(MassageError):
    """A microphone or speaker is missing or cannot be used."""

    exit_status = 3


class VoiceError(MassageError):
    """A text-to-speech engine or voice cannot be used."""


class PictureError(MassageError):
    """A picture cannot be drawn or written."""


class ProfileError(MassageError):
    """The health answers cannot be deleted."""


class ContentError(MassageError):
    """A content file is wrong; the text gives path, line, field, what was found and is allowed."""


class PlanRefused(MassageError):  # noqa: N818 - says what it means without a suffix
    """The user cannot have this massage; the text gives the reasons, as sentences to be spoken."""


class UnknownTool(MassageError):  # noqa: N818 - says what it means without a suffix
    """There is no tool of that name; the text lists the tools."""

    exit_status = 2


class UnknownRoutine(MassageError):  # noqa: N818 - says what it means without a suffix
    """There is no routine of that name; the text suggests similar ones."""


class ScriptError(MassageError):
    """A dialogue script is wrong, or the conversation went another way."""
