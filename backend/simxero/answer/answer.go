// Package answer builds the simulated Xero's HTTP answers as values, so that a fault can change, cut or drop an
// answer before the server sends it.
package answer

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strings"

	"bookring/backend/simxero/world"
)

// Answer is a whole HTTP response.
type Answer struct {
	Status int
	Header http.Header
	Body   []byte
}

// New returns an answer. An empty contentType leaves out the header.
func New(status int, contentType string, body []byte) Answer {
	a := Answer{status, http.Header{}, body}
	if contentType != "" {
		a.Header.Set("Content-Type", contentType)
	}
	return a
}

// With sets a header field and returns the answer.
func (a Answer) With(name, value string) Answer {
	a.Header.Set(name, value)
	return a
}

// WithAll sets all fields of header and returns the answer.
func (a Answer) WithAll(header http.Header) Answer {
	maps.Copy(a.Header, header)
	return a
}

// JSON returns v as JSON. JSON panics if v cannot be encoded.
func JSON(status int, v any) Answer {
	body, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return New(status, "application/json; charset=utf-8", body)
}

// SeeOther redirects a browser to an address with GET (303).
func SeeOther(address string) Answer {
	return New(http.StatusSeeOther, "", nil).With("Location", address)
}

// OAuthError returns 400 with an OAuth error (RFC 6749 section 5.2). An empty description is left out.
func OAuthError(code, description string) Answer {
	fields := map[string]string{"error": code}
	if description != "" {
		fields["error_description"] = description
	}
	return JSON(http.StatusBadRequest, fields)
}

// APIError returns an error in the format of Xero's API. The switch LowerCaseErrors changes the case of the keys.
func APIError(st *world.State, status int, detail string) Answer {
	fields := map[string]any{}
	for name, value := range map[string]any{
		"Type": nil, "Title": http.StatusText(status), "Status": status, "Detail": detail,
		"Instance": world.NewGUID(), "Extensions": map[string]any{},
	} {
		if st.Switches.LowerCaseErrors {
			name = strings.ToLower(name)
		}
		fields[name] = value
	}
	return JSON(status, fields).With("xero-correlation-id", world.NewGUID())
}

// EdgePage returns an HTML page of the network in front of Xero (Akamai).
func EdgePage(status int) Answer {
	return New(status, "text/html", fmt.Appendf(nil, `<html><head><title>%[1]s</title></head><body><h1>%[1]s</h1>
<p>You don't have permission to access this resource on this server.</p><p>Reference #18.%d</p></body></html>`,
		http.StatusText(status), status))
}

// NotFound answers a request for an unknown path.
func NotFound(*http.Request) Answer {
	return New(http.StatusNotFound, "text/html; charset=utf-8", []byte("<!doctype html><title>404</title><h1>Not found</h1>"))
}
