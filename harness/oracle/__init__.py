"""Two independent books over ``Facts``. Pure Python: no I/O, no spec, no target."""
