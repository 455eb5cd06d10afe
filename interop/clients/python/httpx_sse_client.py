"""httpx-sse, which does not reconnect."""

import sys

import httpx
import httpx_sse
from shared import Loop, open_


def connect(loop):
    with httpx.Client() as client:
        with httpx_sse.connect_sse(client, "GET", sys.argv[1], headers=loop.headers()) as source:
            status = source.response.raise_for_status().status_code
            if status == 200:
                open_()
                for sse in source.iter_sse():
                    loop.event(sse.event, sse.data, sse.id, sse.retry)
            return status


Loop().run(connect)
