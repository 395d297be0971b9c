"""`/dev/emails/`: every e-mail of the product with made-up people, where DEVELOPMENT_PAGES is on and nowhere else."""
