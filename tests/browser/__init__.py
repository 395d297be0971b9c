"""A package, so that what is of the package ends with it: Playwright's loop must not outlive the browser tests."""
