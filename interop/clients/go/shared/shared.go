// Package shared is what the programs have in common: lines of JSON on standard output.
package shared

import (
	"encoding/json"
	"io"
	"net/http"
	"os"
	"sync"
)

var (
	mutex sync.Mutex
	out   = json.NewEncoder(os.Stdout)
)

type line map[string]any

func say(l line) {
	mutex.Lock()
	defer mutex.Unlock()
	if err := out.Encode(l); err != nil {
		os.Exit(1)
	}
}

// Event says what the client told of an event, whose type may be empty for a message.
func Event(eventType, data, id string) {
	if eventType == "" {
		eventType = "message"
	}
	say(line{"t": "event", "type": eventType, "data": data, "id": id})
}

// Error says what went wrong.
func Error(err error) {
	say(line{"t": "error", "message": err.Error()})
}

// Closed says that the client has given up, and waits for the end of the program.
func Closed() {
	say(line{"t": "closed"})
	select {}
}

// URL is the stream's. From now on the program ends when its standard input is closed.
func URL() string {
	go func() {
		io.Copy(io.Discard, os.Stdin)
		os.Exit(0)
	}()
	return os.Args[len(os.Args)-1]
}

// HTTPClient is as usual, and says when a stream was opened, which not every client tells.
func HTTPClient() *http.Client {
	return &http.Client{Transport: telling{}}
}

type telling struct{}

func (telling) RoundTrip(request *http.Request) (*http.Response, error) {
	response, err := http.DefaultTransport.RoundTrip(request)
	if err == nil && response.StatusCode == http.StatusOK {
		say(line{"t": "open"})
	}
	return response, err
}
