"""The hearing benchmark: ours and three other systems on the same sound, a module per stage.

`sentences` says what is said, `sounds` makes voices, rooms and noises, `takes` mixes them into
recordings, `systems` listens to them, `scoring` counts, `__main__` prints the tables.
"""
