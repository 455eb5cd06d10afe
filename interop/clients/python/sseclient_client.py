"""sseclient, which reconnects by itself."""

import sys

import requests
import shared
import sseclient

shared.until_input_closes()


def tell(response, **_):
    if response.status_code == 200:
        shared.open_()


# The client does not tell when it has connected.
session = requests.Session()
session.hooks["response"].append(tell)
try:
    for event in sseclient.SSEClient(sys.argv[1], session=session):
        shared.event(event.event, event.data, event.id)
except Exception as failure:
    shared.error(failure)
shared.closed()
shared.wait()
