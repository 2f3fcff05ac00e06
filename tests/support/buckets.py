"""An S3-compatible bucket on this machine: moto's server, spoken to over real HTTP."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

from sync_server.settings import Bucket

NAME = "attachments"
KEY = ("an-id", "a-secret")


@contextmanager
def a_bucket(prefix: str = "homeward") -> Iterator[Bucket]:
    """A bucket with nothing in it, as the settings would name it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from moto.server import ThreadedMotoServer  # noqa: PLC0415 - a second, which only these tests need

    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    try:
        host, port = server.get_host_and_port()
        endpoint = f"http://{host}:{port}"
        httpx.put(f"{endpoint}/{NAME}", trust_env=False).raise_for_status()
        yield Bucket(name=NAME, prefix=prefix, endpoint=endpoint, region="us-east-1", key=KEY)
    finally:
        server.stop()


def lies_in(bucket: Bucket) -> str:
    """What the bucket says that it holds, in its own words."""
    return httpx.get(f"{bucket.endpoint}/{bucket.name}", trust_env=False).text
