"""Pages of ``docs/``: renderings of both books, the ledger and the pinned cases."""
