package connect

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"time"

	"bookring/backend"
	"bookring/backend/connect/task"
)

// reminders is the register of reminders; sqlite.Register documents the methods.
type reminders interface {
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	SaveReminder(ctx context.Context, key backend.SignInKey, days int) error
}

// reminder reminds the user of every sign-in near expiry, outside the window.
type reminder struct {
	show  func(ctx context.Context, title, text string) error
	store reminders
	// checking reports a running check.
	checking func() bool
	clock    task.Clock
	log      *slog.Logger

	// running makes reminders follow each other, so that no reminder comes twice.
	running sync.Mutex
	mu      sync.Mutex
	// tried holds the reminders shown or tried by this program, in days before the expiry: a
	// failed reminder is tried again at the next start, not every minute.
	tried map[backend.SignInKey]int
}

// run shows the due reminders: one at 14 days before the expiry, one at three. During a check
// it shows none, because the check may renew the sign-ins; the look comes after the end of
// the reminders before, which can take minutes.
func (r *reminder) run(ctx context.Context) {
	r.running.Lock()
	defer r.running.Unlock()
	if r.checking() {
		return
	}
	living, err := r.store.SignIns(ctx)
	if err != nil {
		return // the check reports the failure
	}
	for _, s := range living {
		days := s.ReminderDays(r.clock.Now())
		if days == 0 || s.RemindedDays != 0 && s.RemindedDays <= days || !r.firstTry(s.SignInKey, days) {
			continue
		}
		if err := r.remind(ctx, s, days); err != nil {
			r.log.Info("reminder not shown", "error", err)
		}
	}
}

func (r *reminder) firstTry(key backend.SignInKey, days int) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	if before, tried := r.tried[key]; tried && before == days {
		return false
	}
	if r.tried == nil {
		r.tried = map[backend.SignInKey]int{}
	}
	r.tried[key] = days
	return true
}

// remind names no person and no client: other people may see the screen, and some systems
// interpret the text of a notification. No text from outside is part of a notification. A system
// with a question of its own takes minutes: a reminder of a sign-in renewed meanwhile is not
// recorded.
func (r *reminder) remind(ctx context.Context, s backend.SignIn, days int) error {
	left := s.ExpiresAt().Sub(r.clock.Now())
	if s.RenewedInFuture(r.clock.Now()) {
		left = 0
	}
	if err := r.show(ctx, title(left), backend.Say.Reminder.Text); err != nil {
		return err
	}
	living, err := r.store.SignIns(ctx)
	same := func(now backend.SignIn) bool { return now.SignInKey == s.SignInKey && now.RenewedAt.Equal(s.RenewedAt) }
	if err != nil || !slices.ContainsFunc(living, same) {
		return err
	}
	return r.store.SaveReminder(ctx, s.SignInKey, days)
}

func title(left time.Duration) string {
	switch days := int(left.Round(24*time.Hour) / (24 * time.Hour)); {
	case left <= 0:
		return backend.Say.Reminder.MayHaveEnded
	case days < 1:
		return backend.Say.Reminder.EndsToday
	default:
		return backend.Say.Reminder.EndsIn.Of(days)
	}
}

// remind shows the due reminders in the background.
func (c *Connector) remind() {
	if c.config.Remind == nil {
		return
	}
	c.tasks.Go(context.Background(), c.remindNow)
}

func (c *Connector) remindNow(ctx context.Context) {
	if c.config.Remind != nil {
		c.reminder.run(ctx)
	}
}
