"""What changes for certificates between two targets: changes, causes, baselines."""
