package connect_test

import (
	"net/url"
	"testing"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/view"
	"bookring/backend/simxero"
)

const (
	typedID   = "A1B2C3D4E5F60718293A4B5C6D7E8F90"
	builtInID = "00112233445566778899AABBCCDDEEFF"
	officeID  = "FFEEDDCCBBAA99887766554433221100"
)

func TestClientIDsRankEnvironmentThenTypedThenBuiltIn(t *testing.T) {
	cases := []struct{ name, given, from, typedID, wantID, wantFrom string }{
		{"nothing at all", "", "", "", "", ""},
		{"built in", builtInID, connect.FromBuild, "", builtInID, connect.FromBuild},
		{"typed", "", "", typedID, typedID, connect.FromSettings},
		{"typed over built in", builtInID, connect.FromBuild, typedID, typedID, connect.FromSettings},
		{"environment", officeID, connect.FromEnvironment, "", officeID, connect.FromEnvironment},
		{"environment over typed", officeID, connect.FromEnvironment, typedID, officeID, connect.FromEnvironment},
		{"demo over typed", officeID, connect.FromDemo, typedID, officeID, connect.FromDemo},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d := launch(t, simxero.Demo())
			d.ClientID, d.ClientIDFrom = c.given, c.from
			d.rebuild()
			if err := d.SaveClientID(t.Context(), c.typedID); err != nil {
				t.Fatal(err)
			}
			o := d.overview()
			same(t, "in use", [2]string{o.ClientID, o.ClientIDFrom}, [2]string{c.wantID, c.wantFrom})
			if c.wantID == "" {
				d.Connect()
				same(t, "failure", d.failed(), view.Failed{Code: string(backend.NoClientID)})
				return
			}
			link, err := url.Parse(d.click())
			if err != nil {
				t.Fatal(err)
			}
			same(t, "in the link", link.Query().Get("client_id"), c.wantID)
		})
	}
}

func TestTypedClientIDIsCleanedAndMalformedClientIDRefused(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.ClientID, d.ClientIDFrom = "", ""
	d.rebuild()
	if err := d.SaveClientID(t.Context(), " a1b2c3d4 e5f60718\n293a4b5c6d7e8f90\t"); err != nil {
		t.Fatal(err)
	}
	const clean = "a1b2c3d4e5f60718293a4b5c6d7e8f90"
	for _, id := range []string{"x", clean[1:], clean + "0", "g" + clean[1:], "https://developer.xero.com", "\x00"} {
		if got := backend.AsFailure(d.SaveClientID(t.Context(), id)); got == nil || got.Code != backend.MalformedClientID {
			t.Errorf("%q: %v", id, got)
		}
	}
	same(t, "client ID before the malformed entries", d.overview().ClientID, clean)
	same(t, "after a restart", d.restarted().ClientID, clean)
}

// restarted returns the overview after a restart without an administrator's client ID.
func (d *desk) restarted() view.Overview {
	d.t.Helper()
	next := d.restart()
	next.ClientID, next.ClientIDFrom = "", ""
	next.rebuild()
	return next.overview()
}

func TestEmptyClientIDRestoresTheBuiltInClientID(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.ClientID, d.ClientIDFrom = builtInID, connect.FromBuild
	d.rebuild()
	for _, id := range []string{typedID, ""} {
		if err := d.SaveClientID(t.Context(), id); err != nil {
			t.Fatal(err)
		}
	}
	same(t, "from", d.overview().ClientIDFrom, connect.FromBuild)
}

func TestMalformedClientIDIsFoundBeforeTheBrowserOpens(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.ClientID = "made-up"
	d.rebuild()
	d.Connect()
	same(t, "failure", d.failed(), view.Failed{Code: string(backend.MalformedClientID)})
	d.noBrowserOpened()

	d.TestServer = d.xero.Issuer()
	d.rebuild() // a test server accepts any client ID
	d.click()
}
