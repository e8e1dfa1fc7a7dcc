"""Looking at the repositories of registered commons: what their files say becomes claims. See README.md."""
