package connect_test

import (
	"context"
	"encoding/json"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// windowData returns the data for the window as JSON.
func (d *desk) windowData() string {
	d.t.Helper()
	rows, err := d.Organisations(context.Background(), backend.Query{Limit: 500})
	if err != nil {
		d.t.Fatal(err)
	}
	text, err := json.Marshal([]any{d.overview(), rows})
	if err != nil {
		d.t.Fatal(err)
	}
	return string(text)
}

func TestNoSecretIsInTheWindowTheLogOrAFile(t *testing.T) {
	d := newDesk(t, simxero.Demo())
	var links []string
	d.Rounds.Browse = func(link string, _ func(error)) error {
		links = append(links, link)
		return backend.Fail(backend.BrowserNotOpened, "", nil)
	}
	d.launch()
	var seen strings.Builder
	look := func() { seen.WriteString(d.windowData()) }
	d.Connect()
	d.allow(d.copiedLink(), jo, vets)
	d.phase(rounds.Done)
	d.read(1)
	for _, fault := range []simxero.Fault{simxero.HalfBody(), simxero.OAuthFault("invalid_grant", "leak"), simxero.Without("id_token")} {
		look()
		d.xero.Fail(simxero.Exchange, fault.Once())
		d.Connect()
		look()
		d.follow(d.browser.Continue(t.Context(), d.copiedLink(), jo))
		d.failed()
	}
	look()
	d.Close()
	look()

	secrets := d.xero.Secrets()
	for _, link := range links {
		u, err := url.Parse(link)
		if err != nil {
			t.Fatal(err)
		}
		secrets = append(secrets, u.Query().Get("state"), u.Query().Get("nonce"), u.Query().Get("code_challenge"))
	}
	if len(secrets) < 15 {
		t.Fatalf("only %d secrets to look for", len(secrets))
	}
	places := map[string]string{"window": seen.String(), "log": d.logged()}
	err := filepath.WalkDir(d.folder, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		places[path] = string(content)
		return err
	})
	if err != nil || len(places) < 3 {
		t.Fatalf("%d places, %v", len(places), err)
	}
	for place, text := range places {
		for _, secret := range secrets {
			if strings.Contains(text, secret) {
				t.Errorf("%s holds a secret", place)
			}
		}
	}
}

func TestNoListForTheWindowIsNull(t *testing.T) {
	d := launch(t, simxero.Demo())
	d.checkNoNull()
	d.connect(jo, vets)
	d.checkNoNull()
	w := d.xero.World()
	d.xero.DisconnectInXero(w.Person(jo).ID, w.Organisation(vets).ID)
	d.connect(jo, fjord)
	d.checkNoNull()
	noNull(t, reflect.ValueOf(view.Broken(backend.Fail(backend.AlreadyRunning, "", nil), "1")))
}

func (d *desk) checkNoNull() {
	d.t.Helper()
	rows, err := d.Organisations(context.Background(), backend.Query{Search: "no organisation has the name", Limit: 10})
	if err != nil {
		d.t.Fatal(err)
	}
	for _, v := range []any{d.overview(), rows, d.rows()} {
		noNull(d.t, reflect.ValueOf(v))
	}
}

// noNull fails for a nil slice anywhere in v.
func noNull(t *testing.T, v reflect.Value) {
	t.Helper()
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			noNull(t, v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			if f := v.Field(i); f.Kind() == reflect.Slice && f.IsNil() {
				t.Errorf("%s.%s is null", v.Type(), v.Type().Field(i).Name)
			} else {
				noNull(t, f)
			}
		}
	case reflect.Slice:
		for i := range v.Len() {
			noNull(t, v.Index(i))
		}
	}
}

func TestFailureIsJSONInAString(t *testing.T) {
	got := view.FormatError(backend.Fail(backend.PortsTaken, `10742, "x"`, context.Canceled))
	same(t, "text", got, any(`{"code":"ports-taken","detail":"10742, \"x\""}`))
	same(t, "unexpected error", view.FormatError(context.Canceled), any(`{"code":"unexpected","detail":""}`))
}

func TestWrongClockIsReportedInMinutes(t *testing.T) {
	for ahead, want := range map[time.Duration]int{
		-2 * time.Minute: 0, 4 * time.Minute: 0, 7 * time.Minute: 7, -61 * time.Minute: -61,
	} {
		d := newDeskAt(t, xeroAhead(t, -ahead)).launch()
		c, _ := d.connect(jo, vets)
		same(t, ahead.String(), c.ClockMinutes, want)
	}
}

// xeroAhead returns a simulated Xero with a clock ahead by a duration.
func xeroAhead(t *testing.T, ahead time.Duration) *simxero.Server {
	t.Helper()
	clock := &rig.Clock{}
	clock.Advance(ahead)
	return rig.StartXero(t, simxero.Options{World: simxero.Demo(), Now: clock.Now})
}

func TestRowsNeedTwoRequestsAfterTheCallback(t *testing.T) {
	d := launch(t, simxero.Named(clients(50)...))
	link := d.click()
	if err := d.xero.Await(t.Context(), simxero.Keys, 1); err != nil {
		t.Fatal(err)
	}
	address, err := d.browser.Allow(t.Context(), link, jo, clients(50)...)
	if err != nil {
		t.Fatal(err)
	}
	before := len(d.xero.Requests())
	began := time.Now()
	go func() { _, _ = d.browser.Open(t.Context(), address) }()
	d.phase(rounds.Done)
	same(t, "rows", len(d.rows()), 50)
	took := time.Since(began)
	requests := d.xero.Requests()[before:]
	if len(requests) < 2 || requests[0].Endpoint != simxero.Exchange || requests[1].Endpoint != simxero.Connections {
		t.Errorf("after the callback: %v", requests)
	}
	for _, r := range requests[2:] {
		same(t, "later requests", r.Endpoint, simxero.Details)
	}
	between := requests[1].At.Sub(requests[0].At)
	t.Logf("from the callback to 50 rows %v; of that %v from the token request to the list request", took, between)
}
