package connect_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"bookring/backend"
	"bookring/backend/connect/view"
	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// collectReminders collects the reminders.
func (d *desk) collectReminders(reminders *[]string) *desk {
	d.Remind = func(_ context.Context, title, text string) error {
		*reminders = append(*reminders, title+". "+text)
		return nil
	}
	if d.Connector != nil {
		d.rebuild()
	}
	return d
}

// unrenewable returns an offline desk with a sign-in of Jo's, and a sign-in of Sam's
// renewed a day later.
func unrenewable(t *testing.T, reminders *[]string) *desk {
	t.Helper()
	d := newDesk(t, simxero.Demo()).collectReminders(reminders).launch().skipPauses()
	d.connect(jo, vets)
	d.connect(sam, dunes)
	d.advance(day)
	if _, err := d.renewNow(sam); err != nil {
		t.Fatal(err)
	}
	d.goOffline()
	return d
}

func (d *desk) goOffline() {
	d.offline()
	d.t.Cleanup(d.online)
}

func (d *desk) remind() {
	d.t.Helper()
	d.look()
	d.RemindNow(d.t.Context())
}

func (d *desk) nearExpiry() string {
	var names []string
	for _, e := range d.overview().NearExpiry {
		names = append(names, e.Name)
	}
	return strings.Join(names, ", ")
}

func TestRemindersComeOnceAtFourteenAndAtThreeDays(t *testing.T) {
	var reminders []string
	d := unrenewable(t, &reminders)
	for _, step := range []struct {
		after     time.Duration
		ending    string
		reminders []string
	}{
		{44 * day, "", nil},
		{day, jo, []string{"A sign-in to Xero ends in 14 days"}},
		{time.Hour, jo, nil},
		{day, jo + ", " + sam, []string{"A sign-in to Xero ends in 14 days"}},
		{9 * day, jo + ", " + sam, nil},
		{3 * day, jo + ", " + sam, []string{"2 sign-ins to Xero end soon, the first in a day"}},
		{3 * day, jo + ", " + sam, nil}, // only Xero knows whether the sign-ins have ended
	} {
		reminders = nil
		d.advance(step.after)
		d.remind()
		d.remind()
		same(t, "in the window", d.nearExpiry(), step.ending)
		same(t, "reminders", len(reminders), len(step.reminders))
		for i, title := range step.reminders {
			object := "it"
			if strings.HasPrefix(title, "2") {
				object = "them"
			}
			same(t, "reminders", reminders[i], title+". Bookring could not renew "+object+" by itself. Open Bookring, choose Sign-ins and press Renew now.")
		}
	}
}

func TestShownReminderIsNotRepeatedAtTheNextStart(t *testing.T) {
	var reminders []string
	d := unrenewable(t, &reminders)
	d.advance(47 * day)
	d.remind()
	same(t, "reminders", len(reminders), 1)
	ahead := d.ahead.Load()
	d = d.restart().collectReminders(&reminders)
	d.ahead.Store(ahead)
	d.goOffline()
	d.remind()
	same(t, "reminders after the restart", len(reminders), 1)
	d.advance(10 * day)
	d.remind()
	same(t, "reminders at three days", len(reminders), 2)
}

func TestFailedReminderIsTriedAgainAtTheNextStart(t *testing.T) {
	var reminders []string
	d := unrenewable(t, &reminders)
	tries := 0
	d.Remind = func(context.Context, string, string) error { tries++; return errors.New("no listener") }
	d.advance(47 * day)
	d.remind()
	d.remind()
	same(t, "tries", tries, 1)
	ahead := d.ahead.Load()
	d = d.restart().collectReminders(&reminders)
	d.ahead.Store(ahead)
	d.goOffline()
	d.remind()
	same(t, "reminders", len(reminders), 1)
}

func TestRenewalAllowsNewReminders(t *testing.T) {
	var reminders []string
	d := unrenewable(t, &reminders)
	d.advance(58 * day)
	d.remind()
	same(t, "reminders", len(reminders), 1)
	d.online()
	d.remind()
	same(t, "ending", d.nearExpiry(), "")
	same(t, "days to the expiry", fmt.Sprint(d.daysToExpiry(jo), d.daysToExpiry(sam)), "60 60")
	d.goOffline()
	d.advance(50 * day)
	d.remind()
	same(t, "reminders", len(reminders), 2)
}

func TestSessionAndEndedSignInsHaveNoReminder(t *testing.T) {
	var reminders []string
	d := newDesk(t, simxero.Demo()).collectReminders(&reminders).launch().skipPauses()
	d.connect(jo, vets)
	d.UseThisSessionOnly()
	d.connect(sam, dunes)
	d.advance(50 * day)
	d.RemindNow(t.Context())
	same(t, "reminders for the saved sign-in", len(reminders), 1)
	d.keychainFails("Load", backend.ErrNoCredential)
	d.look()
	d.hasState(jo, view.StateEnded, "key-gone")
	d.advance(9 * day)
	d.RemindNow(t.Context())
	same(t, "reminders for ended sign-ins", len(reminders), 1)
	same(t, "in the window", d.nearExpiry(), "")
}

func TestRenewalDuringAReminderAllowsTheNextReminder(t *testing.T) {
	var d *desk
	reminders := 0
	d = newDesk(t, simxero.Demo())
	d.ports.Authoriser = rig.ClockedServer{Server: rig.Server{Flow: d.flow}, Clock: &d.ahead}
	renew := false
	d.Remind = func(context.Context, string, string) error {
		reminders++
		if renew {
			renew = false
			d.online()
			if _, err := d.renewNow(jo); err != nil {
				t.Error(err)
			}
		}
		return nil
	}
	d.launch().skipPauses()
	d.connect(jo, vets)
	d.goOffline()
	d.advance(58 * day)
	renew = true
	d.remind()
	d.checked()
	same(t, "reminders", reminders, 1)
	d.goOffline()
	d.advance(47 * day)
	d.remind()
	same(t, "reminders 13 days before the next expiry", reminders, 2)
	d.advance(11 * day)
	d.remind()
	same(t, "reminders 2 days before the next expiry", reminders, 3)
}

func TestSeveralSignInsNearExpiryShareOneNotice(t *testing.T) {
	for after, title := range map[time.Duration]string{
		47 * day:              "2 sign-ins to Xero end soon, the first in 12 days",
		58*day + 15*time.Hour: "2 sign-ins to Xero end soon, the first today",
		59*day + 6*time.Hour:  "2 sign-ins to Xero end soon or may have ended",
		100 * day:             "2 sign-ins to Xero end soon or may have ended",
	} {
		var reminders []string
		d := unrenewable(t, &reminders)
		d.advance(after - time.Minute)
		d.remind()
		d.remind()
		same(t, "reminders", reminders, []string{
			title + ". Bookring could not renew them by itself. Open Bookring, choose Sign-ins and press Renew now.",
		})
	}
}

// hostileNames are texts that a notification service, a shell or a calendar could interpret.
var hostileNames = []string{
	"]]>$(touch pwned)", "\"; rm -rf ~; \"", "`id` %s %n", "<b>bold</b><img src=x>", "a\r\nSUMMARY:other\r\nEND:VEVENT",
	"\u202egnp.exe\u2066\u200f", "\x1b[31mred\x9b2J", "-h --icon=/etc/passwd", "&amp;&#x3c;",
}

// On Windows the notification library can fall back to a script with the text of the notice.
func TestNoTextFromOutsideReachesANotification(t *testing.T) {
	for i, hostile := range hostileNames {
		var reminders []string
		w := simxero.Demo()
		at := slices.IndexFunc(w.People, func(p simxero.Person) bool { return p.Name() == jo })
		w.People[at].GivenName, w.People[at].FamilyName = hostile, "O’Brien"
		for c := range w.Organisations {
			w.Organisations[c].Name = hostile + w.Organisations[c].Name
		}
		d := newDesk(t, w).collectReminders(&reminders).launch().skipPauses()
		d.connect(w.People[at].Name(), w.Organisations[0].Name)
		d.goOffline()
		for _, step := range []time.Duration{47 * day, 10 * day, 2 * day, 3 * day} {
			d.advance(step)
			d.remind()
		}
		for _, text := range reminders {
			if !regexp.MustCompile(`^A sign-in to Xero (ends in (a day|[0-9]+ days)|ends today|may have ended)\. Bookring could not renew it by itself\. Open Bookring, choose Sign-ins and press Renew now\.$`).MatchString(text) {
				t.Errorf("%d: %q", i, text)
			}
		}
		same(t, "reminders", len(reminders) >= 2, true)
	}
}
