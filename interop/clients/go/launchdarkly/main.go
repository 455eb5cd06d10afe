// launchdarkly/eventsource, which reconnects by itself.
package main

import (
	"interop/clients/shared"

	"github.com/launchdarkly/eventsource"
)

func main() {
	stream, err := eventsource.SubscribeWithURL(shared.URL(), eventsource.StreamOptionHTTPClient(shared.HTTPClient()))
	if err != nil {
		shared.Error(err)
		shared.Closed()
	}
	for {
		select {
		case event, more := <-stream.Events:
			if !more {
				shared.Closed()
			}
			shared.Event(event.Event(), event.Data(), event.Id())
		case err, more := <-stream.Errors:
			if !more {
				shared.Closed()
			}
			shared.Error(err)
		}
	}
}
