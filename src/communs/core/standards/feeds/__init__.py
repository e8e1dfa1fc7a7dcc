"""What the formats of funding opportunities share: rows with places, days, addresses, records, French codes."""
