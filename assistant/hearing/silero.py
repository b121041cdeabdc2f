"""Voice activity: does a block hold somebody's voice? The Silero network, computed with numpy.

Promises: the same blocks give the same result, at most 32 ms behind the audio. A voice is told from
steady noise, even from a running tap that is only 5 dB below it, and is known to have stopped some
0.1 s after its last sound, with or without reverberation. Anybody's voice counts, whatever is said.

The weights are `silero_vad_16k.safetensors` of the package silero-vad 6.2.3, unchanged: 1.2 MB,
next to this module together with their license (MIT), so nothing needs to be installed or fetched.
The network: magnitudes of a short-time Fourier transform of 576 samples, four convolutions over its
four frames, an LSTM cell, a logistic output (https://github.com/snakers4/silero-vad). A runtime is
not worth installing for 0.3 million weights: torch is huge, onnxruntime takes memory and is no
faster, ggml keeps four threads busy. The weights in the package's ONNX file are newer, and did no
better on the benchmark's takes.

Other detectors were tried on the takes of the hearing benchmark, one half for choosing: energy over
an adaptive floor missed most of the speech over a loud tap, likelihood ratios in bands (Sohn, IEEE
SPL 6(1), 1999) a third of it. WebRTC's detector took household noise for voices. The smaller
network of earshot missed more at the same rate of false alarms.
"""

import json
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.audio.device import Samples

_BEGINS = 0.5
_GOES_ON = 0.35
"""The probability at which a voice begins, and above which it goes on."""
_WINDOW = 512
"""Samples at 16 kHz that the network takes at once: 32 ms."""
_CONTEXT = 64
"""Samples of the previous window that it takes again; as many are mirrored after the end."""
_FRAME, _HOP = 256, 128
_FRAMES = np.add.outer(np.arange(0, _WINDOW, _HOP), np.arange(_FRAME))
"""Which samples of the 640 are in which frame."""
_STRIDES = (1, 2, 2, 1)
_HANN = np.hanning(_FRAME + 1)[:_FRAME].astype(np.float32)
_CELLS = 128
_WEIGHTS = Path(__file__).with_name("silero_vad.safetensors")

_Array = NDArray[np.float32]


class VoiceActivity:
    """Tells a voice from background noise, block by block."""

    def __init__(self) -> None:
        self._network = Silero()
        self._waiting = np.zeros(0, np.float32)
        self._speaking = False

    def speaking(self, block: Samples) -> bool:
        """Take the next block, (320,) at 16 kHz; return whether it holds a voice.

        A block in which no window ends gets the result of the window before.
        """
        self._waiting = np.concatenate([self._waiting, block])
        while len(self._waiting) >= _WINDOW:
            window, self._waiting = np.split(self._waiting, [_WINDOW])
            threshold = _GOES_ON if self._speaking else _BEGINS
            self._speaking = self._network.probability(window) >= threshold
        return self._speaking


class Silero:
    """The network, with its memory of the audio so far."""

    def __init__(self) -> None:
        self._layers = _weights()
        self._context = np.zeros(_CONTEXT, np.float32)
        self._output = np.zeros(_CELLS, np.float32)
        self._cell = np.zeros(_CELLS, np.float32)

    def probability(self, window: Samples) -> float:
        """Take the next window, (512,) at 16 kHz; return the probability that it holds speech."""
        sound = np.concatenate([self._context, window, window[-2 : -2 - _CONTEXT : -1]])
        self._context = window[-_CONTEXT:]
        features = _magnitudes(sound)
        for number, stride in enumerate(_STRIDES, 1):
            features = self._convolved(features, f"conv{number}", stride)
        self._remember(features[0])
        seen = np.maximum(self._output, 0) @ self._layers["final_conv.weight"]
        return float(_logistic(seen + self._layers["final_conv.bias"])[0])

    def _convolved(self, frames: _Array, name: str, stride: int) -> _Array:
        """Return (frames, in) convolved over three frames and rectified: (frames / stride, out)."""
        silent = np.zeros((1, frames.shape[1]), np.float32)
        padded = np.concatenate([silent, frames, silent])
        triples = np.stack([padded[at : at + 3].ravel() for at in range(0, len(frames), stride)])
        summed = triples @ self._layers[f"{name}.weight"] + self._layers[f"{name}.bias"]
        rectified: _Array = np.maximum(summed, 0)
        return rectified

    def _remember(self, features: _Array) -> None:
        """Advance the LSTM cell by one step."""
        weights = self._layers
        gates = features @ weights["lstm_cell.weight_ih"] + weights["lstm_cell.bias_ih"]
        gates += self._output @ weights["lstm_cell.weight_hh"] + weights["lstm_cell.bias_hh"]
        let_in, keep, candidate, let_out = gates.reshape(4, _CELLS)
        self._cell = _logistic(keep) * self._cell + _logistic(let_in) * np.tanh(candidate)
        self._output = _logistic(let_out) * np.tanh(self._cell)


def _magnitudes(sound: Samples) -> _Array:
    """Return the spectra of the frames of (640,): (4, 129)."""
    return np.abs(np.fft.rfft(sound[_FRAMES] * _HANN)).astype(np.float32)


def _logistic(values: _Array) -> _Array:
    # Far below zero `exp` overflows to infinity, which gives 0, the right limit.
    with np.errstate(over="ignore"):
        return np.float32(1) / (np.float32(1) + np.exp(-values))


@cache
def _weights() -> dict[str, _Array]:
    """Read the weights, each as the right-hand factor of a product: (in, out)."""
    content = _WEIGHTS.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    weights = {}
    for name, entry in json.loads(content[8:start]).items():
        first, last = entry["data_offsets"]
        weight = np.frombuffer(content[start + first : start + last], "<f4")
        shaped = weight.reshape(entry["shape"])
        if "weight" in name:
            shaped = np.ascontiguousarray(shaped.T).reshape(-1, len(shaped))
        weights[name] = shaped
    return weights
