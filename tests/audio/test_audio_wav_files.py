"""Recordings in, recordings out, and what happens to files that are not what they should be."""

import collections
import shutil
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import soundfile

from assistant.audio.device import RATE_IN, RATE_OUT, SILENCE_OUT, Samples
from assistant.audio.wav_files import WavDevice, read_wav, stereo_pieces, write_wav
from assistant.audio.wav_writer import WavWriter
from assistant.errors import AudioFileError

FULL_DISK = Path("/dev/full")


def tone(rate: int, seconds: float, pitch: float = 440.0) -> Samples:
    time = np.arange(round(rate * seconds)) / rate
    return (0.5 * np.sin(2 * np.pi * pitch * time)).astype(np.float32)


def hear(device: WavDevice, limit: int = 1000) -> Samples:
    """Everything that the device hears until its input has ended."""
    blocks = []
    with closing(device):
        for _ in range(limit):
            incoming = device.exchange(SILENCE_OUT)
            blocks.append(incoming.block)
            if incoming.ended:
                return np.concatenate(blocks)
    raise AssertionError("the recording never ended")


@pytest.mark.parametrize(
    ("rate", "channels", "subtype"),
    [
        (8_000, 1, "PCM_16"),
        (11_025, 1, "PCM_U8"),
        (16_000, 1, "PCM_16"),
        (22_050, 1, "FLOAT"),
        (44_100, 2, "PCM_24"),
        (48_000, 6, "DOUBLE"),
    ],
)
def test_any_rate_channels_and_width_are_heard_alike(
    tmp_path: Path, rate: int, channels: int, subtype: str
):
    path = tmp_path / "in.wav"
    soundfile.write(path, np.repeat(tone(rate, 1.01)[:, None], channels, 1), rate, subtype)
    heard = hear(WavDevice(path, None))
    assert len(heard) == 51 * 320
    middle = slice(2_000, 14_000)
    assert heard[middle] == pytest.approx(tone(RATE_IN, 1.01)[middle], abs=0.02)


@pytest.mark.parametrize("frames", [1, 319, 320, 321, 44_100, 50_001])
@pytest.mark.parametrize("rate", [8_000, 16_000, 44_100])
def test_what_is_written_lasts_as_long_as_what_is_read(tmp_path: Path, frames: int, rate: int):
    soundfile.write(tmp_path / "in.wav", np.zeros(frames), rate)
    hear(WavDevice(tmp_path / "in.wav", tmp_path / "out.wav"))
    out = soundfile.info(tmp_path / "out.wav")
    assert (out.samplerate, out.channels, out.subtype) == (RATE_OUT, 2, "PCM_16")
    assert out.frames == round(frames * RATE_OUT / rate)


def test_what_is_played_is_written_without_a_recording_and_when_broken_off(tmp_path: Path):
    device = WavDevice(None, tmp_path / "out.wav")
    played = np.stack([tone(RATE_OUT, 0.02), -tone(RATE_OUT, 0.02)], axis=1)
    assert not any(device.exchange(played).ended for _ in range(5))
    device.close()
    written, _ = soundfile.read(tmp_path / "out.wav", dtype="float32")
    assert written == pytest.approx(np.tile(played, (5, 1)), abs=1e-4)


def test_without_a_file_for_the_speaker_nothing_is_written(tmp_path: Path):
    write_wav(tmp_path / "in.wav", tone(RATE_IN, 0.1), RATE_IN)
    hear(WavDevice(tmp_path / "in.wav", None))
    assert [path.name for path in tmp_path.iterdir()] == ["in.wav"]


def test_numbers_that_are_none_are_heard_as_silence(tmp_path: Path):
    soundfile.write(tmp_path / "in.wav", np.full(RATE_IN, np.nan), RATE_IN, "FLOAT")
    assert not hear(WavDevice(tmp_path / "in.wav", None)).any()


def test_writing_and_reading_back_at_another_rate_keeps_the_sound(tmp_path: Path):
    write_wav(tmp_path / "a.wav", tone(RATE_OUT, 0.5), RATE_OUT)
    back = read_wav(tmp_path / "a.wav", RATE_IN)
    assert back[1000:7000] == pytest.approx(tone(RATE_IN, 0.5)[1000:7000], abs=0.01)


def noise(seconds: float, rate: int = RATE_IN) -> Samples:
    return np.random.default_rng(1).normal(0, 0.1, round(seconds * rate)).astype(np.float32)


def damaged(folder: Path, form: str) -> Path:
    """A recording of 20 s, good for the first half and then full of something else."""
    path = folder / f"damaged.{form.lower()}"
    soundfile.write(path, noise(20), RATE_IN, format=form)
    content = bytearray(path.read_bytes())
    middle = len(content) // 2
    content[middle : middle + 3000] = np.random.default_rng(2).bytes(3000)
    path.write_bytes(content)
    return path


@pytest.mark.parametrize("form", ["FLAC", "MP3"])
def test_a_file_that_is_damaged_in_the_middle_is_named_with_how_far_it_is_good(
    tmp_path: Path, form: str
):
    path = damaged(tmp_path, form)
    with pytest.raises(
        AudioFileError, match=r"beyond (9|10)\.\d seconds; use an intact copy"
    ) as heard:
        hear(WavDevice(path, tmp_path / "out.wav"))
    assert str(path) in str(heard.value)
    for read in (lambda: read_wav(path, RATE_IN), lambda: [*stereo_pieces(path, RATE_OUT, 60)]):
        with pytest.raises(AudioFileError, match=r"damaged\.\w+ is damaged"):
            read()


@pytest.mark.parametrize("form", ["WAV", "OGG", "AIFF"])
def test_a_file_that_was_cut_short_is_heard_to_its_end(tmp_path: Path, form: str):
    path = tmp_path / "cut"
    soundfile.write(path, noise(20), RATE_IN, format=form)
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    heard = hear(WavDevice(path, tmp_path / "out.wav"))
    assert len(heard) / RATE_IN == pytest.approx(10.0, abs=1.0)
    assert soundfile.info(tmp_path / "out.wav").duration == pytest.approx(
        len(heard) / RATE_IN, abs=0.02
    )


@pytest.mark.parametrize("subtype", ["GSM610", "G721_32", "IMA_ADPCM", "MS_ADPCM", "ULAW", "ALAW"])
def test_compressed_recordings_of_telephones_are_read_in_every_way(tmp_path: Path, subtype: str):
    """libsndfile cannot seek in some of them."""
    path = tmp_path / "telephone.wav"
    soundfile.write(path, noise(12, 8_000), 8_000, subtype=subtype)
    for sound in (
        read_wav(path, RATE_IN),
        np.concatenate([*stereo_pieces(path, RATE_IN, 300.0)])[:, 0],
        hear(WavDevice(path, None)),
    ):
        assert len(sound) / RATE_IN == pytest.approx(12.0, abs=0.1)
        assert np.sqrt(np.mean(sound**2)) == pytest.approx(0.1, rel=0.3)


ODD_HEADERS = {
    "one sample per second": ("WAV", 24, (1).to_bytes(4, "little")),
    "a rate of two billion": ("WAV", 24, (2**31 - 1).to_bytes(4, "little")),
    "a thousand channels": ("WAV", 22, (1024).to_bytes(2, "little")),
    "an unknown length": ("FLAC", 21, b"\xf0\0\0\0\0"),
    "a thousand hours": ("FLAC", 21, b"\xff\xff\xff\xff\xff"),
}
"""What can be opened, but would take more time or memory than there is: where, and what."""


@pytest.mark.parametrize("which", ODD_HEADERS)
def test_a_header_that_cannot_be_true_is_refused_in_one_sentence(tmp_path: Path, which: str):
    form, at, value = ODD_HEADERS[which]
    path = tmp_path / "odd"
    soundfile.write(path, noise(1), RATE_IN, format=form)
    content = bytearray(path.read_bytes())
    content[at : at + len(value)] = value
    path.write_bytes(content)
    for read in (lambda: WavDevice(path, None), lambda: read_wav(path, RATE_IN)):
        with pytest.raises(AudioFileError, match=r"odd .*Convert it to a WAV file"):
            read()


def test_a_file_named_like_one_without_a_header_is_refused_in_one_sentence(tmp_path: Path):
    (tmp_path / "odd.raw").write_bytes(b"0123456789")
    with pytest.raises(AudioFileError, match="not a sound file"):
        read_wav(tmp_path / "odd.raw", RATE_IN)


def test_what_a_killed_process_wrote_can_be_read_up_to_the_last_seconds(tmp_path: Path):
    path = tmp_path / "out.wav"
    device = WavDevice(None, path)
    for _ in range(10 * 50):
        device.exchange(SILENCE_OUT)
    left_behind = shutil.copy(path, tmp_path / "left behind.wav")
    device.close()
    assert soundfile.info(left_behind).duration >= 7.0
    assert soundfile.info(path).duration == 10.0


def test_a_session_that_is_broken_off_leaves_only_what_was_played(tmp_path: Path):
    """Ctrl-C at the beginning of a long recording does not write hours of silence first."""
    write_wav(tmp_path / "in.wav", noise(60), RATE_IN)
    device = WavDevice(tmp_path / "in.wav", tmp_path / "out.wav")
    for _ in range(100):
        device.exchange(SILENCE_OUT)
    device.close()
    assert soundfile.info(tmp_path / "out.wav").duration == 2.0
    device.fill()
    assert soundfile.info(tmp_path / "out.wav").duration == 60.0
    assert not read_wav(tmp_path / "out.wav", RATE_IN).any()


def test_beyond_four_gigabytes_nothing_of_a_recording_is_lost(tmp_path: Path):
    """After 6.2 hours at 48 kHz in stereo, the sizes of a WAV header end."""
    path = tmp_path / "long.wav"
    writer = WavWriter(path, RATE_OUT, 2)
    writer.write(np.full((10, 2), 0.5, np.float32))
    writer.close()
    hours = 7 * 3600 * RATE_OUT
    writer.lengthen(hours)  # takes no room on the disk
    with soundfile.SoundFile(path) as file:
        assert (file.format, file.frames, file.samplerate) == ("RF64", hours, RATE_OUT)
        assert file.read(12)[:, 0].tolist() == [0.5] * 10 + [0.0] * 2
        file.seek(hours - 5)
        assert len(file.read(10)) == 5


def bad_recordings(folder: Path) -> dict[str, Path]:
    (folder / "text.wav").write_text("This is not sound.\n" * 20)
    (folder / "empty.wav").write_bytes(b"")
    soundfile.write(folder / "zero.wav", np.zeros(0), RATE_IN)
    return {
        "not a sound file": folder / "text.wav",
        "can be read": folder / "empty.wav",
        "holds no sound": folder / "zero.wav",
        "There is no file": folder / "missing.wav",
        "check the name": folder,
    }


@pytest.mark.parametrize(
    "words",
    ["not a sound file", "can be read", "holds no sound", "There is no file", "check the name"],
)
def test_a_bad_recording_is_named_in_one_sentence_and_no_output_is_begun(
    tmp_path: Path, words: str
):
    path = bad_recordings(tmp_path)[words]
    with pytest.raises(AudioFileError, match=words) as device_error:
        WavDevice(path, tmp_path / "out.wav")
    with pytest.raises(AudioFileError, match=words):
        read_wav(path, RATE_IN)
    assert str(path) in str(device_error.value)
    assert "\n" not in str(device_error.value)
    assert not (tmp_path / "out.wav").exists()


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path):
    with pytest.raises(AudioFileError, match="nowhere"):
        WavDevice(None, tmp_path / "nowhere" / "out.wav")
    with pytest.raises(AudioFileError, match="nowhere"):
        write_wav(tmp_path / "nowhere" / "out.wav", tone(RATE_IN, 0.1), RATE_IN)


@pytest.mark.skipif(not FULL_DISK.exists(), reason="needs Linux's always-full device")
def test_a_full_disk_is_reported_in_the_middle():
    device = WavDevice(None, FULL_DISK)
    with pytest.raises(AudioFileError, match=r"/dev/full.*space"):
        collections.deque(iter(lambda: device.exchange(SILENCE_OUT).ended, True), maxlen=0)
    with pytest.raises(AudioFileError, match=r"/dev/full.*space"):
        device.close()


def test_a_recording_is_never_overwritten_by_its_own_session(tmp_path: Path):
    path = tmp_path / "both.wav"
    write_wav(path, tone(RATE_IN, 0.1), RATE_IN)
    with pytest.raises(AudioFileError, match="another output"):
        WavDevice(path, tmp_path / "." / "both.wav")
    assert len(read_wav(path, RATE_IN)) == 1600


def test_an_earlier_recording_stays_when_a_session_cannot_begin(tmp_path: Path):
    """As after a slip in --voice or --bed; once it plays, nothing of the earlier one is left."""
    speaker = tmp_path / "out.wav"
    write_wav(speaker, np.full((RATE_OUT, 2), 0.5, np.float32), RATE_OUT)
    before = speaker.read_bytes()
    WavDevice(None, speaker).close()
    assert speaker.read_bytes() == before
    device = WavDevice(None, speaker)
    device.exchange(SILENCE_OUT)
    device.close()
    assert not read_wav(speaker, RATE_OUT).any()
    assert len(read_wav(speaker, RATE_OUT)) == len(SILENCE_OUT)
