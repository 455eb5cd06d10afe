"""What the programs have in common: lines of JSON on standard output, and the loop around clients that do not reconnect."""

import json
import os
import sys
import threading
import time

# One of the clients prints to standard output, where nothing but these lines may stand.
_out = os.fdopen(os.dup(1), "w", encoding="ascii")
os.dup2(2, 1)


def _say(**line):
    _out.write(json.dumps(line) + "\n")
    _out.flush()


def open_():
    _say(t="open")


def event(type_, data, id_):
    """An event as the client tells it; a type or an id that it does not tell is None."""
    _say(t="event", type=type_ if type_ is not None else "message", data=data, id=id_)


def error(failure):
    _say(t="error", message=failure if isinstance(failure, str) else f"{type(failure).__name__}: {failure}")


def closed():
    _say(t="closed")


def until_input_closes():
    """Has the process end when its standard input is closed."""

    def read():
        while os.read(0, 1024):
            pass
        os._exit(0)

    threading.Thread(target=read, daemon=True).start()


def wait():
    """Waits for that end."""
    threading.Event().wait()


class Loop:
    """
    What users write around a client that does not reconnect by itself: it connects again with the last event id and after
    the time that the client tells, until it is answered 204.
    """

    def __init__(self):
        self.last_event_id = ""
        self.retry = 1000

    def run(self, connect):
        until_input_closes()
        while True:
            try:
                if connect(self) == 204:
                    break
                error("the stream has ended")
            except Exception as failure:
                error(failure)
            time.sleep(self.retry / 1000)
        closed()
        wait()

    def headers(self):
        return {"Last-Event-ID": self.last_event_id} if self.last_event_id else {}

    def event(self, type_, data, id_, retry):
        event(type_, data, id_)
        if id_:
            self.last_event_id = id_
        if retry is not None:
            self.retry = int(retry)
