"""Following: saved searches, records and calls that one hears of by e-mail, Atom or calendar."""
