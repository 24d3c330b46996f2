"""What each page shows: read from the deployment, and put as its template needs it."""
