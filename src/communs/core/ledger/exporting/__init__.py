"""Books as text that others read: hledger, Beancount, CSV, one JSON object a line."""
