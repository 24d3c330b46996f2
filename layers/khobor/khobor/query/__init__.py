"""What can be asked of the archive, and how it is answered: for the HTTP API, the console and the command alike."""
