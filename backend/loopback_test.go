package backend_test

import (
	"testing"

	"bookring/backend"
)

func TestOnlyAddressesOnThisComputerAreLoopback(t *testing.T) {
	for _, address := range []string{
		"http://localhost", "http://localhost:8080/path", "https://127.0.0.1:1", "http://127.9.9.9", "http://[::1]:80", "HTTP://localhost/",
	} {
		if err := backend.CheckLoopback(address); err != nil {
			t.Errorf("%s: %v", address, err)
		}
	}
	for _, address := range []string{
		"", "localhost", "//localhost", "ftp://localhost", "file:///etc/passwd", "http://", "http://0.0.0.0", "http://[::]",
		"http://localhost.example", "http://127.0.0.1.example", "http://localhost@example.com", "http://user@localhost",
		"http://example.com#localhost", "http://127.1", "http://2130706433", "http://[::1%25lo]", "http://local\nhost", "https://api.xero.com",
	} {
		if f := backend.AsFailure(backend.CheckLoopback(address)); f == nil || f.Code != backend.NotLoopback {
			t.Errorf("%s: %v", address, f)
		}
	}
}
