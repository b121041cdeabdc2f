"""The speech recognizer's model: where it is, how to fetch it, whether it is whole."""
