"""YAML files read and validated, with line numbers in every message."""
