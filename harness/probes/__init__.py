"""Pinned cases that tell which behaviours a build really has."""
