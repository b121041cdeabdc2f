"""A hands-free voice coach for self facial massage, wholly offline."""

__version__ = "0.1.0"
