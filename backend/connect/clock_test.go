package connect_test

import (
	"encoding/json"
	"testing"
	"time"

	"bookring/backend/simxero"
)

// The clock was wrong for a day: a renewal of the future would hide the age of the sign-in.
func TestASignInRenewedInTheFutureIsRenewedWhenTheClockIsRight(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d = d.restart().skipPauses() // no access token in memory
	if err := d.ports.Register.SaveRenewal(t.Context(), d.key(jo), d.Now().Add(400*day)); err != nil {
		t.Fatal(err)
	}
	before := len(d.xero.Requests(simxero.Renewal))
	d.look()
	same(t, "renewals", len(d.xero.Requests(simxero.Renewal))-before, 1)
	same(t, "days to the expiry", d.daysToExpiry(jo), 60)
	d.look()
	same(t, "renewals later", len(d.xero.Requests(simxero.Renewal))-before, 1)
}

func TestASignInRenewedInTheFutureIsRemindedOfIfItCannotBeRenewed(t *testing.T) {
	var reminders []string
	d := newDesk(t, simxero.Demo()).collectReminders(&reminders).launch().skipPauses()
	d.connect(jo, vets)
	if err := d.ports.Register.SaveRenewal(t.Context(), d.key(jo), d.Now().Add(400*day)); err != nil {
		t.Fatal(err)
	}
	d.remind()
	same(t, "reminders of a working sign-in", len(reminders), 0)
	d.goOffline()
	d.advance(2 * day)
	d.remind()
	d.remind()
	same(t, "reminders", reminders, []string{
		"A sign-in to Xero may have ended. Bookring could not renew it by itself. Open Bookring, choose Sign-ins and press Renew now.",
	})
}

// A notice about a lost list waits for checks after the loss.
func TestALossNotedInTheFutureDoesNotKeepTheNoticeUnfinished(t *testing.T) {
	d := launch(t, simxero.Demo()).skipPauses()
	d.connect(jo, vets)
	d = d.damageRegister()
	d.awaitRecovery()
	text, err := d.ports.Register.Setting(t.Context(), "loss")
	if err != nil {
		t.Fatal(err)
	}
	var loss map[string]any
	if err := json.Unmarshal([]byte(text), &loss); err != nil {
		t.Fatal(err)
	}
	loss["at"] = time.Now().UTC().Add(400 * day)
	future, err := json.Marshal(loss)
	if err != nil {
		t.Fatal(err)
	}
	if err := d.ports.Register.SaveSetting(t.Context(), "loss", string(future)); err != nil {
		t.Fatal(err)
	}
	d = d.restart().skipPauses()
	d.ahead.Add(int64(2 * day)) // a check is due
	recovery := d.awaitRecovery()
	same(t, "lost", recovery.Lost, true)
	same(t, "checked", recovery.Checked, 1)
}
