package backend

import (
	"net"
	"net/url"
)

// CheckLoopback fails with [NotLoopback], the address as its detail, unless
// address is http or https on localhost or a loopback IP address. Nothing of
// Bookring's goes to any other address that is not Xero's.
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
