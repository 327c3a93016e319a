"""One renderer per format; they read findings, nothing else."""
