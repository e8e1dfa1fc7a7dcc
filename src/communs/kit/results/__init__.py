"""Results of elections as pages: charts that state their finding, and a table beside each. See README.md."""
