"""Known divergences between the documents and reality, each with its witness."""
