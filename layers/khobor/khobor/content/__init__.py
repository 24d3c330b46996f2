"""What a body is, and how it is packed: media types and content codings of HTTP (RFC 9110, 8)."""
