"""Whether single values are well formed, by the rules of the libraries that the reference parser is built on."""
