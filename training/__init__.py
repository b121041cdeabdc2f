"""Makes the model of paraphrases from the examples. For development only: not in the wheel."""
