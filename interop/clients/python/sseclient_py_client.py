"""sseclient-py, which does not reconnect, on requests."""

import sys

import requests
import sseclient
from shared import Loop, open_


def connect(loop):
    headers = {"Accept": "text/event-stream"} | loop.headers()
    with requests.get(sys.argv[1], stream=True, headers=headers) as response:
        response.raise_for_status()
        if response.status_code == 200:
            open_()
            for event in sseclient.SSEClient(response).events():
                loop.event(event.event, event.data, event.id, event.retry)
        return response.status_code


Loop().run(connect)
