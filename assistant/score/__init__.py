"""One step as a picture: what is said and what sounds when."""
