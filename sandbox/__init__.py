"""Stand-ins that speak the real protocols over real HTTP and SMTP.

They import nothing of the product, and nothing imports them.
"""
