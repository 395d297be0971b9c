"""`base` runs jefacture everywhere (from the environment), `test` the suite, `tools` the commands without database."""
