"""The documents book: what the documentation promises, sentence by sentence."""
