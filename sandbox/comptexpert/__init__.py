"""ComptExpert's stand-in: an OpenID provider whose people, keys, faults and sessions can be changed while it runs."""
