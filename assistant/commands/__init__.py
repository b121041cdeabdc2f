"""The commands: one module each, named like the command, with its arguments and its run.

`contract.py` says what such a module offers, and `options.py` has the options that several commands
share. The command line imports all of these modules at every start, so what is slow to import stays
inside their functions. `conversation.py`, `record_script.py`, `plan_text.py`, `first_start.py` and
`doctor_listening.py` are helpers that are imported only when they are needed.
"""
