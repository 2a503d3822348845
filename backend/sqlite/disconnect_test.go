package sqlite_test

import (
	"fmt"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/sqlite"
)

func disconnect(t tb, r *sqlite.Register, minutes int, ids ...string) {
	t.Helper()
	must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{Organisations: ids}, at(minutes)))
}

func forget(t tb, r *sqlite.Register, minutes int, ids ...string) {
	t.Helper()
	must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{Organisations: ids, Forget: true}, at(minutes)))
}

func confirm(t tb, r *sqlite.Register, s backend.SignIn, organisation string, minutes int) {
	t.Helper()
	must(t, r.MarkDisconnected(t.Context(), s.SignInKey, s.UserID+"-"+organisation, at(minutes)))
}

// pendingOf returns the pending disconnects of a sign-in.
func pendingOf(t tb, r *sqlite.Register, s backend.SignIn) string {
	t.Helper()
	p, err := r.PendingDisconnects(t.Context(), s.SignInKey)
	must(t, err)
	text := strings.Join(p.Connections, " ")
	if p.Revoke {
		text += " and the sign-in"
	}
	return text
}

// pending returns "name pending" for each organisation with something pending.
func pending(t tb, r *sqlite.Register) string {
	t.Helper()
	var list []string
	for _, o := range all(t, r) {
		if o.Pending != backend.NothingPending {
			list = append(list, o.Name+" "+string(o.Pending))
		}
	}
	return strings.Join(list, ", ")
}

// effects returns the effects of a request in a line.
func effects(t tb, r *sqlite.Register, request backend.DisconnectRequest) string {
	t.Helper()
	found, signIn, err := r.DisconnectEffects(t.Context(), request)
	must(t, err)
	list := []string{signIn + ":"}
	for _, e := range found {
		list = append(list, fmt.Sprintf("%s through %v ended %v staying %v", e.Name, e.Through, e.Ended, e.Staying))
	}
	return strings.Join(list, " ")
}

func TestADisconnectRequestTakesEffectAtOnceAndIsPendingUntilConfirmed(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	disconnect(t, r, 2, "bakery")
	disconnect(t, r, 3, "bakery", "unknown")
	same(t, "list", statuses(all(t, r)), "Bakery disconnected, Cafe connected")
	same(t, "pending", pending(t, r), "Bakery xero")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "anna-bakery")
	p := page(t, r, backend.Query{Sort: backend.ByStatus, Limit: 5})
	same(t, "total, attention, order", fmt.Sprint(p.Total, p.Attention)+" "+names(p.Rows), "2 0 Cafe, Bakery")

	same(t, "still listed", changed(reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 4)),
		"added [] back [] known [Cafe] removed [] total 1")
	same(t, "pending", pending(t, r), "Bakery xero")
	confirm(t, r, anna(), "bakery", 5)
	confirm(t, r, anna(), "bakery", 6)
	confirm(t, r, anna(), "cafe", 6) // never requested
	same(t, "pending", pending(t, r), "")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "")
	same(t, "no longer listed", changed(reconcile(t, r, anna(), lists(anna(), "Cafe"), 7)),
		"added [] back [] known [Cafe] removed [] total 1")
	same(t, "list", statuses(all(t, r)), "Bakery disconnected, Cafe connected")
	same(t, "history", history(t, folder), "signed-in Anna, connected Bakery Anna, connected Cafe Anna, "+
		"disconnecting Bakery Anna, disconnected Bakery Anna")
}

func TestXerosListConfirmsADisconnect(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	disconnect(t, r, 2, "bakery")
	same(t, "not listed", changed(reconcile(t, r, anna(), lists(anna(), "Cafe"), 3)),
		"added [] back [] known [Cafe] removed [] total 1")
	same(t, "pending", pending(t, r), "")
	if h := history(t, folder); !strings.HasSuffix(h, "disconnecting Bakery Anna, disconnected Bakery Anna") {
		t.Error(h)
	}
}

func TestConnectingAgainCancelsADisconnectRequest(t *testing.T) {
	for name, again := range map[string]func(*backend.Connection){
		"another ID": func(c *backend.Connection) { c.ID = "another" },
		"changed":    func(c *backend.Connection) { c.UpdatedAt = at(9) },
	} {
		for _, confirmed := range []bool{false, true} {
			r := open(t, t.TempDir())
			reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
			forget(t, r, 2, "bakery")
			if confirmed {
				r = open(t, t.TempDir())
				reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
				disconnect(t, r, 2, "bakery")
				confirm(t, r, anna(), "bakery", 3)
			}
			listed := lists(anna(), "Bakery")
			again(&listed[0])
			same(t, name, changed(reconcile(t, r, anna(), listed, 10)), "added [] back [Bakery] known [] removed [] total 1")
			same(t, name, statuses(all(t, r)), "Bakery connected")
			same(t, name, pendingOf(t, r, anna()), "")
			same(t, name, changed(reconcile(t, r, anna(), nil, 11)), "added [] back [] known [] removed [Bakery] total 0")
		}
	}
}

func TestForgettingWaitsForLiveSignInsOnly(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe", "Deli"), 1)
	reconcile(t, r, ben(), lists(ben(), "Cafe"), 2)
	end(t, r, ben(), 3)
	forget(t, r, 4, "bakery", "cafe")
	same(t, "pending", pending(t, r), "Bakery forget, Cafe forget")
	confirm(t, r, anna(), "cafe", 5)
	same(t, "list", statuses(all(t, r)), "Bakery disconnected, Deli connected")
	end(t, r, anna(), 6)
	same(t, "list", statuses(all(t, r)), "Deli sign-in-again")
	forget(t, r, 7, "deli")
	same(t, "list", statuses(all(t, r)), "")
	same(t, "listed again it is new", changed(reconcile(t, r, anna(), lists(anna(), "Cafe"), 8)),
		"added [Cafe] back [] known [] removed [] total 1")
	if h := history(t, folder); strings.Count(h, "forgotten") != 3 || strings.Contains(h, "Bakery") {
		t.Error(h)
	}
}

func TestAnOrganisationRemovedInXeroCanBeDisconnectedAndForgotten(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	reconcile(t, r, anna(), nil, 2)
	disconnect(t, r, 3, "bakery")
	forget(t, r, 3, "cafe")
	same(t, "list", statuses(all(t, r)), "Bakery disconnected")
	same(t, "pending", pending(t, r), "")
}

func TestASignInIsRevokedAfterAllOfTheSignInsDisconnects(t *testing.T) {
	folder := t.TempDir()
	r := open(t, folder)
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	reconcile(t, r, ben(), lists(ben(), "Cafe"), 2)
	everything := backend.DisconnectRequest{SignIn: anna().String()}
	same(t, "before", effects(t, r, everything), "Anna Lee: Bakery through [Anna Lee] ended [] staying [] "+
		"Cafe through [Anna Lee] ended [] staying [Ben Ito]")
	must(t, r.RequestDisconnect(t.Context(), everything, at(3)))
	same(t, "list", statuses(all(t, r)), "Bakery disconnected, Cafe connected")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "anna-bakery anna-cafe and the sign-in")
	same(t, "pending disconnects", pendingOf(t, r, ben()), "")
	confirm(t, r, anna(), "bakery", 4)
	same(t, "after", effects(t, r, everything), "Anna Lee: Cafe through [Anna Lee] ended [] staying [Ben Ito]")
	confirm(t, r, anna(), "cafe", 4)
	must(t, r.MarkRevoked(t.Context(), anna().SignInKey, at(5)))
	must(t, r.MarkRevoked(t.Context(), ben().SignInKey, at(5))) // never requested
	signIns, err := r.SignIns(t.Context())
	must(t, err)
	same(t, "sign-ins", fmt.Sprint(len(signIns))+" "+signIns[0].Name, "1 Ben Ito")
	if h := history(t, folder); !strings.HasSuffix(h, "disconnected Cafe Anna, let-go Anna") {
		t.Error(h)
	}
	same(t, "signed in again", changed(reconcile(t, r, person("Anna Lee", 6), lists(anna(), "Deli"), 6)),
		"added [Deli] back [] known [] removed [] total 2")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "")
}

func TestASingleConnectionIsDisconnectedAndTheSignInStays(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	reconcile(t, r, ben(), lists(ben(), "Cafe"), 2)
	one := backend.DisconnectRequest{SignIn: anna().String(), Organisations: []string{"cafe"}}
	same(t, "before", effects(t, r, one), "Anna Lee: Cafe through [Anna Lee] ended [] staying [Ben Ito]")
	must(t, r.RequestDisconnect(t.Context(), one, at(3)))
	same(t, "pending disconnects", pendingOf(t, r, anna()), "anna-cafe")
	same(t, "pending disconnects", pendingOf(t, r, ben()), "")
	confirm(t, r, anna(), "cafe", 4)
	same(t, "list", statuses(all(t, r)), "Bakery connected, Cafe connected")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "")
}

func TestARecallRetainsAPendingRevocationOnly(t *testing.T) {
	r := open(t, t.TempDir())
	for _, s := range []backend.SignIn{anna(), ben()} {
		reconcile(t, r, s, lists(s, "Cafe"), 1)
		must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{SignIn: s.String()}, at(2)))
	}
	must(t, r.MarkRevoked(t.Context(), anna().SignInKey, at(3)))
	end(t, r, ben(), 3)
	signedInSince := anna()
	signedInSince.At = at(4)
	recall(t, r, 2, signedInSince, ben())
	every, err := r.AllSignIns(t.Context())
	must(t, err)
	same(t, "sign-ins", fmt.Sprint(len(every)), "2")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "anna-cafe")
	same(t, "pending disconnects", pendingOf(t, r, ben()), "ben-cafe and the sign-in")
}

// recall recalls sign-ins and expects a number of changes.
func recall(t *testing.T, r *sqlite.Register, want int, signIns ...backend.SignIn) {
	t.Helper()
	recalled, err := r.Recall(t.Context(), signIns, at(9))
	must(t, err)
	same(t, "recalled", fmt.Sprint(recalled), fmt.Sprint(want))
}

func TestAKeyFromBeforeARevocationRecallsNothing(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Cafe"), 1)
	must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{SignIn: anna().String()}, at(2)))
	must(t, r.MarkRevoked(t.Context(), anna().SignInKey, at(3)))
	restored := anna()
	restored.At = at(2)
	recall(t, r, 0, restored)
	every, err := r.AllSignIns(t.Context())
	must(t, err)
	same(t, "sign-ins", fmt.Sprint(len(every)), "0")
}

func TestSigningInAgainCancelsAPendingRevocation(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 1)
	must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{SignIn: anna().String()}, at(2)))
	reconcile(t, r, anna(), lists(anna(), "Bakery"), 3) // a check
	same(t, "pending disconnects", pendingOf(t, r, anna()), "anna-bakery and the sign-in")
	reconcile(t, r, person("Anna Lee", 4), lists(anna(), "Bakery"), 4)
	same(t, "pending disconnects", pendingOf(t, r, anna()), "anna-bakery")
}

func TestCancelDisconnectCancelsPendingDisconnectsOnly(t *testing.T) {
	r := open(t, t.TempDir())
	reconcile(t, r, anna(), lists(anna(), "Bakery", "Cafe"), 1)
	must(t, r.RequestDisconnect(t.Context(), backend.DisconnectRequest{SignIn: anna().String()}, at(2)))
	confirm(t, r, anna(), "cafe", 3)
	for id, want := range map[string]bool{"bakery": true, "cafe": false, "unknown": false} {
		if reached, err := r.CancelDisconnect(t.Context(), id, at(4)); err != nil || reached != want {
			t.Errorf("%s: %t, %v", id, reached, err)
		}
	}
	same(t, "list", statuses(all(t, r)), "Bakery connected, Cafe disconnected")
	same(t, "pending disconnects", pendingOf(t, r, anna()), "")
}
