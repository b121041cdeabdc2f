"""Where the speech model is looked for, and which folder counts as one."""

from pathlib import Path

import pytest

from assistant.errors import ModelError
from assistant.speech_model import store as model_store
from assistant.speech_model.store import (
    fault,
    find_model,
    install_folder,
    speech_model,
)
from tests.speech_model.fake_model import PARTS, sole_sentence


class TestFinding:
    def test_a_named_folder_comes_first(
        self, old_model: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VOSK_MODEL_PATH", "/nowhere")
        assert find_model(old_model) == old_model

    def test_then_the_environment(self, old_model: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("VOSK_MODEL_PATH", str(old_model))
        assert find_model() == old_model

    def test_an_environment_variable_that_does_not_name_a_model_is_an_error(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("VOSK_MODEL_PATH", str(tmp_path / "nowhere"))
        with pytest.raises(ModelError, match=r"VOSK_MODEL_PATH .*nowhere does not exist") as error:
            find_model()
        sole_sentence(error)

    def test_a_named_folder_that_is_not_a_model_is_an_error(self, tmp_path: Path) -> None:
        with pytest.raises(ModelError, match=r"--model .* has no am/final\.mdl"):
            find_model(tmp_path)

    def test_without_any_model_it_says_what_to_type(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.delenv("VOSK_MODEL_PATH", raising=False)
        monkeypatch.setattr(model_store, "_own_folders", lambda: iter([tmp_path / "nowhere"]))
        with pytest.raises(ModelError, match="type `massage setup`"):
            find_model()

    @pytest.mark.parametrize("part", PARTS)
    def test_a_folder_without_one_of_the_files_is_not_a_model(
        self, old_model: Path, part: str
    ) -> None:
        (old_model / part).unlink()
        assert fault(old_model) == f"has no {part}"

    @pytest.mark.parametrize("part", PARTS)
    def test_a_folder_with_an_empty_file_is_not_a_model(self, old_model: Path, part: str) -> None:
        (old_model / part).write_bytes(b"")
        assert fault(old_model) == f"has a broken {part}"

    def test_a_checkout_keeps_its_model_in_its_own_folder(self) -> None:
        assert install_folder().parent == Path(model_store.__file__).parents[2] / "models"

    def test_a_wheel_keeps_its_model_in_the_users_data_folder(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        packaged = tmp_path / "_data" / "models"
        packaged.mkdir(parents=True)
        (packaged / "catalog.toml").write_text(
            '[speech]\nname = "small"\nlicense = "Apache-2.0"\nsource = []\n'
        )
        monkeypatch.setattr(model_store, "resource", lambda _: packaged)
        assert install_folder().parts[-3:] == ("massage-assistant", "models", "small")

    def test_the_catalog_names_two_sources_with_sizes_and_digests(self) -> None:
        sources = speech_model().sources
        assert [(bool(s.url), bool(s.artifact)) for s in sources] == [(True, False), (False, True)]
        assert all(40e6 < s.size < 42e6 and len(s.sha256) == 64 for s in sources)
