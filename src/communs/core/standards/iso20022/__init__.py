"""What the bank messages of ISO 20022 share: characters, amounts and dates, reasons, places. See README.md."""
