package connect

import (
	"context"
	"log/slog"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/view"
)

// settingTried is saved only to test the writing.
const settingTried = "write-tried"

// upkeepStore is the register's own state; sqlite.Register documents the methods.
type upkeepStore interface {
	Unwritten() *backend.Failure
	Tidy(ctx context.Context, now time.Time) error
	BackUp(ctx context.Context) (made bool, err error)
	SaveSetting(ctx context.Context, name, value string) error
}

// upkeep tests the register and backs the register up.
type upkeep struct {
	store upkeepStore
	log   *slog.Logger
	now   func() time.Time
	// lasting follows the failures to tidy and to back up.
	lasting retry.Lasting[string]
}

// writable fails as a write to the register does. After a failed write it tries another, so
// that no consent and no call is spent on a result that could not be recorded.
func (u *upkeep) writable(ctx context.Context) error {
	if u.store.Unwritten() == nil {
		return nil
	}
	return u.store.SaveSetting(ctx, settingTried, view.Stamp(u.now()))
}

// mended reports a register writable again after a failed write.
func (u *upkeep) mended(ctx context.Context) bool {
	return u.store.Unwritten() != nil && u.writable(ctx) == nil
}

// tidyAndBackUp tidies the register, and makes a backup if one is due. A failure is only
// logged; the next hour tries again.
func (u *upkeep) tidyAndBackUp(ctx context.Context) {
	if err := u.store.Tidy(ctx, u.now()); u.lasting.Began("tidy", err) {
		u.log.Info("not tidied", "code", backend.CodeOf(err))
	}
	u.backUp(ctx)
}

// backUp makes a backup of the register, if one is due.
func (u *upkeep) backUp(ctx context.Context) {
	began := time.Now()
	made, err := u.store.BackUp(ctx)
	if u.lasting.Began("backup", err) {
		u.log.Info("no backup", "code", backend.CodeOf(err))
	}
	if made {
		u.log.Info("backup", "took", time.Since(began))
	}
}
