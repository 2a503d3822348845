package backend

import (
	"net"
	"net/url"
)

// CheckLoopback fails with [NotLoopback], with the address as the detail, unless
// address is an http or https URL of localhost or of a loopback IP address.
// Bookring sends requests to Xero and to loopback addresses only.
func CheckLoopback(address string) error {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.User != nil {
		return Fail(NotLoopback, PlainText(address), nil)
	}
	if host := u.Hostname(); host != "localhost" && !net.ParseIP(host).IsLoopback() {
		return Fail(NotLoopback, PlainText(address), nil)
	}
	return nil
}
