"""Signs each request as an API client does: the HMAC-SHA256 of the body, in hexadecimal."""

import hashlib
import hmac
import os

import requests
import schemathesis


class Signature(requests.auth.AuthBase):
    def __call__(self, request):
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        request.headers["stacker-id"] = os.environ["STACKER_CLIENT_ID"]
        request.headers["stacker-hash"] = hmac.new(os.environ["STACKER_CLIENT_SECRET"].encode(), body, hashlib.sha256).hexdigest()
        return request


schemathesis.auth.set_from_requests(Signature())
