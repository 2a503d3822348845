package connect

import (
	"context"
	"time"

	"bookring/backend"
)

// tellEndings tells the person of every sign-in that ends soon, once within
// each of tellDays. It waits for a check that runs: that may renew them.
func (c *Connector) tellEndings(ctx context.Context) {
	c.reminding.Lock()
	defer c.reminding.Unlock()
	c.mu.Lock()
	checking := c.stopCheck != nil
	c.mu.Unlock()
	if checking || c.Tell == nil {
		return
	}
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return // the check says so
	}
	for _, s := range signIns {
		days := threshold(s, c.Now())
		if days == 0 || s.RemindedDays != 0 && s.RemindedDays <= days || !c.firstTry(s, days) {
			continue
		}
		if err := c.tell(ctx, s, days); err != nil {
			c.Log.Info("end of a sign-in not told", "error", err)
		}
	}
}

// firstTry reports that this program has not tried to tell that yet. Where it
// does not work it is not tried every minute, but again after the next start.
func (c *Connector) firstTry(s backend.SignIn, days int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	before, tried := c.reminded[s.SignInKey]
	if tried && before == days {
		return false
	}
	if c.reminded == nil {
		c.reminded = map[backend.SignInKey]int{}
	}
	c.reminded[s.SignInKey] = days
	return true
}

// tell names the person and no client: others may look at the screen.
func (c *Connector) tell(ctx context.Context, s backend.SignIn, days int) error {
	title := ends(s.Name, s.ExpiresAt().Sub(c.Now()))
	if err := c.Tell(ctx, title, backend.Say.Reminder.Text); err != nil {
		return err
	}
	// A system that first asks the person for leave takes minutes, and they may
	// have pressed Renew now meanwhile: then it is not this end that was told.
	if now, err := c.living(ctx, s.String()); err != nil || !now.RenewedAt.Equal(s.RenewedAt) {
		return err
	}
	return c.Register.SaveReminder(ctx, s.SignInKey, days)
}

func ends(name string, left time.Duration) string {
	switch days := int(left.Round(24*time.Hour) / (24 * time.Hour)); {
	case left <= 0:
		return backend.Say.Reminder.MayHaveEnded.With(name)
	case days < 1:
		return backend.Say.Reminder.EndsToday.With(name)
	default:
		return backend.Say.Reminder.EndsIn.Of(days).With(name)
	}
}
