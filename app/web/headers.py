"""Headers of every response: content policy with a nonce, no framing, no caching of pages."""

from flask import Flask, Response, request

from app.web.frame import csp_nonce


def init_app(app: Flask) -> None:
    """Set the headers after each request."""
    app.after_request(_harden)


def _harden(response: Response) -> Response:
    headers = response.headers
    policy = (
        f"default-src 'self'; script-src 'self' 'nonce-{csp_nonce()}'; style-src 'self'; "
        "img-src 'self' data:; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    )
    headers.setdefault("Content-Security-Policy", policy)  # a lampiran has a stricter one
    headers["X-Content-Type-Options"] = "nosniff"
    headers["X-Frame-Options"] = "DENY"
    headers["Referrer-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "geolocation=(), microphone=()"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if request.is_secure:
        headers["Strict-Transport-Security"] = "max-age=31536000"
    if not request.path.startswith("/static/"):
        headers["Cache-Control"] = "no-store"
    return response
