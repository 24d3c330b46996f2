"""The console: pages of the archive for one reader, served by this machine to itself."""
