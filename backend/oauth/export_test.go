package oauth

import (
	"net"
	"testing"
)

// FixedPages are the bodies of all pages that never change.
func FixedPages() map[string]bool {
	bodies := map[string]bool{}
	for _, p := range []*page{
		pageBadRequest, pageNotOurs, pageForbidden, pageNotFound, pageMethod, pageFinished, pageOver,
		pageMisdirected, pageReading, pageUnexpected,
	} {
		bodies[string(p.body)] = true
	}
	return bodies
}

// Random makes states, nonces and one-time values.
var Random = random

// LoopbackHosts lets a test be a computer with other addresses.
func LoopbackHosts(t *testing.T, hosts ...string) {
	before := loopbackHosts
	loopbackHosts = hosts
	t.Cleanup(func() { loopbackHosts = before })
}

// Serve answers a connection that the flow did not accept itself.
func Serve(f *Flow, port int, conn net.Conn) { f.serve(port, conn, func() {}) }
