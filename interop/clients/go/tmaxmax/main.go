// tmaxmax/go-sse, which reconnects by itself.
package main

import (
	"net/http"
	"time"

	"interop/clients/shared"

	"github.com/tmaxmax/go-sse"
)

func main() {
	request, err := http.NewRequest(http.MethodGet, shared.URL(), nil)
	if err != nil {
		panic(err)
	}
	client := sse.Client{
		HTTPClient: shared.HTTPClient(),
		OnRetry:    func(err error, _ time.Duration) { shared.Error(err) },
	}
	connection := client.NewConnection(request)
	connection.SubscribeToAll(func(event sse.Event) {
		shared.Event(event.Type, event.Data, event.LastEventID)
	})
	if err := connection.Connect(); err != nil {
		shared.Error(err)
	}
	shared.Closed()
}
