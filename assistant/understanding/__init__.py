"""Text to intents: templates, word graph, grammar. Nothing about massage is in the code."""
