"""Text to clips: the voice contract, pyttsx3, Piper, the cache and rendering ahead."""
