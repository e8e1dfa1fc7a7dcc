"""The house itself: settings, addresses, base templates, style, security, health, API root."""
