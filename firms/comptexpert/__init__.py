"""Coming in through ComptExpert (OpenID Connect): sign-in, the claims, the delegations, their renewal."""
