"""Measurements: ratios against a peer or a limit, interleaved in one run (`make bench`)."""
