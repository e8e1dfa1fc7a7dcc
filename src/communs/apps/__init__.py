"""One folder per domain noun; an app knows only those before it."""
