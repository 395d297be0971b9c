"""Where bytes can be kept: a folder that all processes share, or a bucket. common/vault.py speaks with either."""
