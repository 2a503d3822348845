package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"time"

	"bookring/backend"
)

// write does something in one immediate transaction: it waits for its turn
// before it reads, so that what it read still holds when it writes.
//
// Writers of this program queue here. SQLite's own waiting is by trying again,
// and on a busy computer one of eight writers never got its turn in five
// seconds; it is left for other programs.
func (r *Register) write(ctx context.Context, what string, do func(*sql.Tx) error) error {
	if r.opening.ReadOnly != nil {
		return r.opening.ReadOnly
	}
	select {
	case r.turn <- struct{}{}:
		defer func() { <-r.turn }()
	case <-ctx.Done():
		return failure(ctx, r.file, what, ctx.Err())
	}
	err := r.transact(ctx, what, &sql.TxOptions{}, do)
	r.noteWrite(err)
	return err
}

// noteWrite remembers why a write failed, until one succeeds.
func (r *Register) noteWrite(err error) {
	if err == nil {
		r.unwritten.Store(nil)
		return
	}
	if f := backend.AsFailure(err); f.Code != backend.Cancelled {
		r.unwritten.Store(f)
	}
}

// Unwritten says why nothing can be written: it is the failure of the last
// write, or nil if that succeeded.
func (r *Register) Unwritten() *backend.Failure {
	if r.opening.ReadOnly != nil {
		return r.opening.ReadOnly
	}
	return r.unwritten.Load()
}

// read does something on one unchanging picture of the register.
func (r *Register) read(ctx context.Context, what string, do func(*sql.Tx) error) error {
	return r.transact(ctx, what, &sql.TxOptions{ReadOnly: true}, do)
}

func (r *Register) transact(ctx context.Context, what string, how *sql.TxOptions, do func(*sql.Tx) error) (err error) {
	defer func() {
		if err != nil {
			err = failure(ctx, r.file, what, err)
		}
	}()
	// Closing it waits for the end of a transaction whose ctx has ended, which
	// database/sql rolls back on the side: else the file would still be open
	// after [Register.Close].
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // only given back
	tx, err := conn.BeginTx(ctx, how)
	if err != nil {
		return err
	}
	defer rollback(tx, &err)
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// rollback ends a transaction that was not committed. If err is set already,
// that is the reason and the end of a broken transaction adds nothing to it.
func rollback(tx *sql.Tx, err *error) {
	if e := tx.Rollback(); *err == nil && !errors.Is(e, sql.ErrTxDone) {
		*err = e
	}
}

// millis and instant are the two ways between Go's times and the file's.
func millis(t time.Time) int64   { return t.UnixMilli() }
func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
