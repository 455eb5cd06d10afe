// r3labs/sse, which reconnects by itself.
package main

import (
	"time"

	"interop/clients/shared"

	"github.com/r3labs/sse/v2"
)

func main() {
	client := sse.NewClient(shared.URL())
	client.Connection = shared.HTTPClient()
	client.ReconnectNotify = func(err error, _ time.Duration) { shared.Error(err) }
	err := client.SubscribeRaw(func(event *sse.Event) {
		shared.Event(string(event.Event), string(event.Data), string(event.ID))
	})
	if err != nil {
		shared.Error(err)
	}
	shared.Closed()
}
