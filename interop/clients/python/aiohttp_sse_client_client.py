"""aiohttp-sse-client, which reconnects by itself."""

import asyncio
import sys

import shared
from aiohttp_sse_client.client import EventSource


async def follow():
    def failed():
        shared.error("an error that the client does not describe")

    async with EventSource(sys.argv[1], on_open=shared.open_, on_error=failed) as source:
        async for event in source:
            shared.event(event.type, event.data, event.last_event_id)


shared.until_input_closes()
try:
    asyncio.run(follow())
except Exception as failure:
    shared.error(failure)
shared.closed()
shared.wait()
