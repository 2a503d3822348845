package connect_test

import (
	"bytes"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/connect/removal"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// entries are Xero's list in JSON, an entry each.
type entries []map[string]any

// named returns the place of an organisation's entry.
func (e entries) named(name string) int {
	return slices.IndexFunc(e, func(entry map[string]any) bool { return entry["tenantName"] == name })
}

// editedList changes the entries of every list.
func editedList(edit func(all entries) entries) simxero.Fault {
	return simxero.Fault{Rewrite: func(body []byte) []byte {
		var all entries
		if err := json.Unmarshal(body, &all); err != nil {
			panic(err)
		}
		edited, _ := json.Marshal(edit(all))
		return edited
	}}
}

// checkLists presses Check now and waits for the lists, without the details.
func (d *desk) checkLists() {
	d.t.Helper()
	d.CheckNow()
	d.until("the end of the lists", func(o view.Overview) bool { return !o.Check.Running })
}

func TestOneEntryWithoutAnIDLeavesThreeHundredOrganisationsConnected(t *testing.T) {
	d := launch(t, allConnected(301)).skipPauses()
	d.reconnect(jo)
	odd := d.rows()[7].Name
	d.xero.Fail(simxero.Connections, editedList(func(all entries) entries {
		delete(all[all.named(odd)], "id")
		return all
	}))
	for range 2 {
		d.checkLists()
		counts := map[string]int{}
		for _, r := range d.rows() {
			counts[r.Status]++
		}
		same(t, "statuses", counts, map[string]int{string(backend.Connected): 300, string(backend.NotChecked): 1})
		same(t, "trouble", d.row(odd).Trouble, string(backend.XeroPartlyRead))
		same(t, "said", d.overview().Check.Parts, []view.Part{{SignIn: jo, Entries: 301, Odd: 1}})
		d = d.restart().skipPauses()
		d.xero.Fail(simxero.Connections, editedList(func(all entries) entries {
			delete(all[all.named(odd)], "id")
			return all
		}))
	}
	d.xero.Heal()
	d.checkLists()
	d.status(odd, backend.Connected)
	same(t, "said", d.overview().Check.Parts, []view.Part{})
}

func TestNothingIsConcludedFromAListNotUnderstoodWhole(t *testing.T) {
	set := func(key string, value any) func(entries) entries {
		return func(all entries) entries { all[all.named(fjord)][key] = value; return all }
	}
	drop := func(key string) func(entries) entries {
		return func(all entries) entries { delete(all[all.named(fjord)], key); return all }
	}
	rewrite := func(change func(body string) string) simxero.Fault {
		return simxero.Fault{Rewrite: func(body []byte) []byte { return []byte(change(string(body))) }}
	}
	for name, c := range map[string]struct {
		fault       simxero.Fault
		vets, fjord backend.Status
	}{
		"no tenant ID":            {editedList(drop("tenantId")), backend.Connected, backend.NotChecked},
		"an ID that is no GUID":   {editedList(set("tenantId", "12")), backend.Connected, backend.NotChecked},
		"no type":                 {editedList(drop("tenantType")), backend.Connected, backend.NotChecked},
		"a type that is null":     {editedList(set("tenantType", nil)), backend.Connected, backend.NotChecked},
		"a lower-case type":       {editedList(set("tenantType", "organisation")), backend.Connected, backend.Connected},
		"an unknown type":         {editedList(set("tenantType", "COMPANY")), backend.Connected, backend.Connected},
		"a name that is a number": {editedList(set("tenantName", 7)), backend.Connected, backend.Connected},
		"no name":                 {editedList(drop("tenantName")), backend.Connected, backend.Connected},
		"null in its place": {
			editedList(func(all entries) entries { all[all.named(fjord)] = nil; return all }),
			backend.Connected, backend.NotChecked,
		},
		"null beside": {editedList(func(all entries) entries { return append(all, nil) }), backend.Connected, backend.Connected},
		"a doubled entry": {
			editedList(func(all entries) entries { return append(all, all[all.named(fjord)]) }),
			backend.Connected, backend.Connected,
		},
		"a doubled connection ID": {editedList(func(all entries) entries {
			all[all.named(fjord)]["id"] = all[all.named(vets)]["id"]
			return all
		}), backend.NotChecked, backend.NotChecked},
		"absent beside an odd entry": {editedList(func(all entries) entries {
			return append(slices.Delete(all, all.named(fjord), all.named(fjord)+1), map[string]any{})
		}), backend.Connected, backend.NotChecked},
		"cut off": {rewrite(func(body string) string {
			vets, fjord := strings.Index(body, vets), strings.Index(body, fjord)
			return body[:max(vets, fjord)]
		}), "", ""},
		"more behind":     {rewrite(func(body string) string { return body + "<html>" }), backend.Connected, backend.Connected},
		"a mark in front": {rewrite(func(body string) string { return "\ufeff" + body }), backend.Connected, backend.Connected},
		"an envelope": {
			rewrite(func(body string) string { return `{"connections":` + body + `}` }),
			backend.NotChecked, backend.NotChecked,
		},
		"an object":  {rewrite(func(body string) string { return strings.Trim(body, "[]\n") }), backend.NotChecked, backend.NotChecked},
		"HTML":       {simxero.NotJSON(), backend.NotChecked, backend.NotChecked},
		"no content": {simxero.EmptyBody(), backend.NotChecked, backend.NotChecked},
	} {
		t.Run(name, func(t *testing.T) {
			d := launch(t, simxero.Demo()).skipPauses()
			d.connect(jo, vets)
			d.connect(jo, fjord)
			d.xero.Fail(simxero.Connections, c.fault)
			d.check()
			if c.vets != "" {
				d.status(vets, c.vets)
				d.status(fjord, c.fjord)
			}
			for _, r := range d.rows() {
				if r.Status != string(backend.Connected) && r.Status != string(backend.NotChecked) {
					t.Errorf("%s is %s", r.Name, r.Status)
				}
			}
			d.xero.Heal()
			d.check()
			d.status(vets, backend.Connected)
			d.status(fjord, backend.Connected)
		})
	}
}

func TestARoundWithAnOddEntryKeepsTheGrantAndSaysWhatIsMissing(t *testing.T) {
	odd := editedList(func(all entries) entries {
		if i := all.named(fjord); i >= 0 {
			delete(all[i], "id")
		}
		return all
	})
	t.Run("beside a new organisation", func(t *testing.T) {
		d := launch(t, simxero.Demo()).skipPauses()
		d.connect(jo, vets)
		d.connect(jo, fjord)
		d.xero.Fail(simxero.Connections, odd)
		connected, page := d.connect(jo, builders)
		same(t, "added", names(connected.Added), []string{builders})
		pageSays(t, page, "an organisation may be missing here")
		same(t, "part", *connected.Part, view.Part{SignIn: jo, Entries: 3, Odd: 1})
		d.status(vets, backend.Connected)
	})
	t.Run("in place of the new organisation", func(t *testing.T) {
		d := launch(t, simxero.Demo()).skipPauses()
		d.connect(jo, vets)
		fault := d.xero.Fail(simxero.Connections, odd)
		page := d.allow(d.click(), jo, fjord)
		f := d.failed()
		same(t, "failure", f.Code, string(backend.XeroPartlyRead))
		pageSays(t, page, "1 of the 2 entries of Xero’s list could not be understood.")
		if c, err := d.credential(jo); err != nil || c.Refresh.IsZero() {
			t.Errorf("credential %v", err)
		}
		fault.Stop()
		d.check()
		d.status(fjord, backend.Connected)
	})
	t.Run("as the only entry", func(t *testing.T) {
		d := launch(t, simxero.Demo()).skipPauses()
		d.xero.Fail(simxero.Connections, odd)
		d.allow(d.click(), jo, fjord)
		same(t, "failure", d.failed().Code, string(backend.XeroUnreadable))
		d.xero.Heal()
		d.Connect() // the pending grant, without the browser
		d.phase("done")
		d.status(fjord, backend.Connected)
	})
}

func TestASignInIsNotRevokedAfterAListNotUnderstoodWhole(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d.connect(jo, fjord)
	d.xero.Fail(simxero.Connections, simxero.Fault{Rewrite: func([]byte) []byte {
		return bytes.Clone([]byte(`[{"id":"00000000-0000-4000-8000-000000000001","tenantId":"00000000-0000-4000-8000-000000000002",` +
			`"tenantType":"PRACTICE"},{"tenantName":"A client"}]`))
	}})
	if _, err := d.DisconnectSignIn(t.Context(), d.key(jo).String()); err != nil {
		t.Fatal(err)
	}
	same(t, "revocations", len(d.xero.Requests(simxero.Revocation)), 0)
	d.xero.Heal()
	d.check()
	same(t, "revocations", len(d.xero.Requests(simxero.Revocation)), 1)
}

func TestARemovalNamesEachOrganisationThatAPartOfTheListCanHide(t *testing.T) {
	w := simxero.Named("Twin", "Twin", "Single")
	rig.ConnectAll(&w)
	l := &removing{desk: launch(t, w).skipPauses()}
	l.Removal.Files = func() backend.FileCounts { return backend.FileCounts{} }
	l.Removal.Erase = func() []backend.Leftover { return nil }
	l.reconnect(jo)
	l.checked()
	l.xero.Fail(simxero.Connections, editedList(func(all entries) entries {
		delete(all[all.named("Twin")], "id")
		return all
	}))
	l.Remove(true, false)
	same(t, "still connected", l.awaitRemoval(removal.Undecided).StillConnected, []view.StillConnected{
		{Person: jo, Organisations: []string{"Twin"}, Code: string(backend.XeroPartlyRead)},
	})
	same(t, "disconnects", l.disconnectCalls(), 2)
}
