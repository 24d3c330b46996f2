"""What each page shows: read from the installation, and put as its template needs it."""
