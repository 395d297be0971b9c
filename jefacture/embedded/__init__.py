"""Real PostgreSQL and Redis from packages, and the supervisor of `make demo`: development only.

Production gives DATABASE_URL and REDIS_URL and never imports this package.
"""
