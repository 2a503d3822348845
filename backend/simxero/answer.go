package simxero

import (
	"encoding/json"
	"io"
	"log"
	"net/http"
)

// answer is a whole response before it is sent, so that a fault can change it,
// cut it or lose it.
type answer struct {
	status int
	header http.Header
	body   []byte
}

var quiet = log.New(io.Discard, "", 0)

func newAnswer(status int, contentType string, body []byte) answer {
	a := answer{status, http.Header{}, body}
	if contentType != "" {
		a.header.Set("Content-Type", contentType)
	}
	return a
}

func jsonAnswer(status int, v any) answer {
	body, err := json.Marshal(v)
	if err != nil {
		// Everything encoded here is made of maps, strings and numbers.
		panic(err)
	}
	return newAnswer(status, "application/json; charset=utf-8", body)
}

// seeOther sends a browser on with a GET.
func seeOther(address string) answer {
	a := newAnswer(http.StatusSeeOther, "", nil)
	a.header.Set("Location", address)
	return a
}

func (a answer) with(name, value string) answer {
	a.header.Set(name, value)
	return a
}
