"""What partner software calls."""
