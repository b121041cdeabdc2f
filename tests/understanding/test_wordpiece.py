import pytest

from assistant.understanding.paraphrases import MODEL, VOCABULARY
from assistant.understanding.wordpiece import MOST_PIECES, WordPieces

SMALL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "slow", "##er", "don", "'", "t", "please", "cafe"]


def pieces(text: str) -> list[str]:
    return [SMALL[number] for number in WordPieces(SMALL).numbers(text)]


def test_words_are_split_into_the_longest_pieces() -> None:
    assert pieces("Slower, please!") == ["[CLS]", "slow", "##er", "please", "[SEP]"]


def test_apostrophes_are_pieces_of_their_own() -> None:
    assert pieces("don't") == ["[CLS]", "don", "'", "t", "[SEP]"]


def test_accents_do_not_matter() -> None:
    assert pieces("café") == ["[CLS]", "cafe", "[SEP]"]


def test_an_unknown_word_is_one_piece() -> None:
    assert pieces("slow xyz slow") == ["[CLS]", "slow", "[UNK]", "slow", "[SEP]"]
    assert pieces("z" * 10_000) == ["[CLS]", "[UNK]", "[SEP]"]


def test_long_texts_are_cut() -> None:
    assert len(pieces("slow " * 1000)) == MOST_PIECES


def test_no_words_are_no_pieces() -> None:
    assert pieces("?!") == ["[CLS]", "[SEP]"]


@pytest.mark.parametrize(
    ("text", "split"),
    [
        ("Massage", "massage"),
        ("embeddings", "em ##bed ##ding ##s"),
        ("characteristically", "characteristic ##ally"),
        ("unaffable", "una ##ffa ##ble"),
        ("I don't know", "i don ' t know"),
        ("Café", "cafe"),
    ],
)
def test_real_words_are_split_as_by_bert(text: str, split: str) -> None:
    """Splits of BERT's own tokenizer (bert-base-uncased)."""
    names = (MODEL / VOCABULARY).read_text(encoding="utf-8").split("\n")
    numbers = WordPieces.load(MODEL / VOCABULARY).numbers(text)
    assert [names[number] for number in numbers[1:-1]] == split.split()
