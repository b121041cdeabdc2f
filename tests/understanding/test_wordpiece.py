from assistant.understanding.wordpiece import MOST_PIECES, WordPieces

VOCABULARY = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "slow", "##er", "don", "'", "t", "please", "cafe"]


def pieces(text: str) -> list[str]:
    return [VOCABULARY[number] for number in WordPieces(VOCABULARY).numbers(text)]


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
