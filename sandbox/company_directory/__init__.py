"""The stand-in of « Recherche d'entreprises », the public company directory: made-up companies in its real shape."""
