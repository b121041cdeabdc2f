"""The neural voice: Piper, in this process, on one core.

Promises: the same text gives the same samples, whatever was rendered before; nothing heavy is
imported or loaded before the first `render`; nothing is sent over the network.
"""

import os
from pathlib import Path
from typing import Any

import numpy as np

from assistant.audio.clip import Clip
from assistant.audio.device import Samples
from assistant.errors import VoiceError
from assistant.speaking import pronunciation
from assistant.speaking.piper_models import (
    ADVICE,
    config_of,
    engine_installed,
    engine_version,
    need,
    packaged_model,
)
from assistant.speaking.voice import LOADING_SECONDS

COACH_LENGTH_SCALE = 1.5
"""How much longer than the recorded speaker's each phoneme is: he reads too fast to follow."""
SENTENCE_PAUSE_SECONDS = 0.3


class PiperVoice:
    """Speaks with a Piper model (None: the packaged en_US-joe-medium).

    A `pitch` other than 1.0 makes another speaker of the same model: all frequencies, formants too,
    are multiplied by it, at the same speed. Raises VoiceError for a file that is not a Piper voice,
    and without the `neural` extra.
    """

    loading_seconds = LOADING_SECONDS

    def __init__(self, model: Path | None = None, pitch: float = 1.0) -> None:
        need(model is None or engine_installed())
        self._model = model or packaged_model()
        self._config = config_of(self._model)
        self._pitch = pitch
        self._engine: Any = None
        status = self._model.stat()
        self.key = (
            f"piper {self._model.name} {status.st_size} {status.st_mtime_ns} pitch {pitch:g} "
            f"{engine_version()} {pronunciation.version()}"
        )

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

        # With both noises at 0 the model is deterministic, and recognized as well as with the
        # defaults of 0.667 and 0.8 (Vosk, ten sentences: 6 of 116 words wrong either way).
        synthesis = SynthesisConfig(
            length_scale=length_scale, noise_scale=0.0, noise_w_scale=0.0, normalize_audio=False
        )
        return [
            np.asarray(chunk.audio_float_array, np.float32)
            for chunk in self._engine.synthesize(pronunciation.spoken_form(text), synthesis)
        ]

    def _load(self) -> Any:
        # The official builds of onnxruntime report to their maker, and keep an identifier in the
        # cache folder. Only this variable turns all of that off, and only before the import.
        os.environ["ORT_DISABLE_TELEMETRY"] = "1"
        try:
            import onnxruntime  # type: ignore[import-untyped]
            import piper
            from piper.config import PiperConfig

            options = onnxruntime.SessionOptions()
            # One thread, because audio needs the other core. No arena, which holds 130 MB more.
            options.intra_op_num_threads = options.inter_op_num_threads = 1
            options.enable_cpu_mem_arena = options.enable_mem_pattern = False
            options.log_severity_level = 3
            return piper.PiperVoice(
                config=PiperConfig.from_dict(self._config),
                session=onnxruntime.InferenceSession(
                    str(self._model), sess_options=options, providers=["CPUExecutionProvider"]
                ),
            )
        except Exception as error:  # onnxruntime's classes derive from Exception itself
            first = str(error).splitlines()[0].rstrip(".")
            raise VoiceError(
                f"{self._model} is not a usable Piper voice: {first}. {ADVICE}"
            ) from error
