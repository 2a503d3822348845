package connect

import (
	"context"
	"errors"
	"log/slog"
	"slices"
	"strconv"
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

// run shows the due reminders in a single notice: one at 14 days before the expiry, one at
// three. During a check it shows none, because the check may renew the sign-ins; the look comes
// after the end of the reminders before, which can take minutes.
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
	now := r.clock.Now()
	due := slices.DeleteFunc(living, func(s backend.SignIn) bool {
		days := s.ReminderDays(now)
		return days == 0 || s.RemindedDays != 0 && s.RemindedDays <= days || !r.firstTry(s.SignInKey, days)
	})
	if len(due) == 0 {
		return
	}
	if err := r.remind(ctx, due, now); err != nil {
		r.log.Info("reminder not shown", "error", err)
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
func (r *reminder) remind(ctx context.Context, due []backend.SignIn, now time.Time) error {
	title, text := words(due, now)
	if err := r.show(ctx, title, text); err != nil {
		return err
	}
	living, err := r.store.SignIns(ctx)
	if err != nil {
		return err
	}
	for _, s := range due {
		same := func(now backend.SignIn) bool { return now.SignInKey == s.SignInKey && now.RenewedAt.Equal(s.RenewedAt) }
		if slices.ContainsFunc(living, same) {
			err = errors.Join(err, r.store.SaveReminder(ctx, s.SignInKey, s.ReminderDays(now)))
		}
	}
	return err
}

// words returns the title and the text of a notice about sign-ins near expiry.
func words(due []backend.SignIn, now time.Time) (title, text string) {
	left := timeLeft(due[0], now)
	for _, s := range due {
		left = min(left, timeLeft(s, now))
	}
	days := int(left.Round(24*time.Hour) / (24 * time.Hour))
	if len(due) == 1 {
		title = when(left, backend.Say.Reminder.EndsIn.Of(days), backend.Say.Reminder.EndsToday, backend.Say.Reminder.MayHaveEnded)
		return title, backend.Say.Reminder.Text
	}
	several := when(left, backend.Say.Reminders.EndIn.Of(days), backend.Say.Reminders.EndToday, backend.Say.Reminders.MayHaveEnded)
	return several.With(strconv.Itoa(len(due))), backend.Say.Reminders.Text
}

// timeLeft returns the time until the expiry of a sign-in, zero for an unknown expiry.
func timeLeft(s backend.SignIn, now time.Time) time.Duration {
	if s.RenewedInFuture(now) {
		return 0
	}
	return s.ExpiresAt().Sub(now)
}

// when chooses a title by the time left.
func when[T ~string](left time.Duration, later, today, past T) T {
	switch {
	case left <= 0:
		return past
	case left.Round(24*time.Hour) == 0:
		return today
	}
	return later
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
