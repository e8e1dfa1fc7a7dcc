"""What books say, as tables: trial balance, custody, unspent restricted money."""
