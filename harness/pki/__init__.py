"""From a scenario to bytes, and from bytes to facts. The home of ``cryptography``."""
