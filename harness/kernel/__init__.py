"""Measuring ourselves against the real verification kernel: an OpenSSL built from
source, with coverage, or with one fault planted.

No part of a run: a campaign does not know it, and it starts campaigns as users do.
"""
