package sqlite

import (
	"context"
	"database/sql"
	"time"

	"bookring/backend"
)

// write calls do in an immediate transaction: no other program writes between do's reads and do's writes.
//
// Writers of the program queue for a semaphore. SQLite's wait, with repeated attempts, serves other programs
// only: on a busy computer, a writer among eight got no access within five seconds.
func (r *Register) write(ctx context.Context, action string, do func(*sql.Tx) error) error {
	if r.opening.ReadOnly != nil {
		return r.opening.ReadOnly
	}
	if err := r.writer.Acquire(ctx, 1); err != nil {
		return r.files.Failure(ctx, action, err)
	}
	defer r.writer.Release(1)
	err := r.transact(ctx, action, &sql.TxOptions{}, do)
	if err == nil {
		r.writeFailure.Store(nil)
	} else if f := backend.AsFailure(err); f.Code != backend.Cancelled {
		r.writeFailure.Store(f)
	}
	return err
}

// Unwritten returns the failure of the last write, or nil after a successful write. Cancelled writes do not
// count.
func (r *Register) Unwritten() *backend.Failure {
	if r.opening.ReadOnly != nil {
		return r.opening.ReadOnly
	}
	return r.writeFailure.Load()
}

// exec executes a single statement in a transaction.
func (r *Register) exec(ctx context.Context, action, statement string, values ...any) error {
	return r.write(ctx, action, func(tx *sql.Tx) error {
		_, err := tx.ExecContext(ctx, statement, values...)
		return err
	})
}

// read calls do with a constant snapshot of the register.
func (r *Register) read(ctx context.Context, action string, do func(*sql.Tx) error) error {
	return r.transact(ctx, action, &sql.TxOptions{ReadOnly: true}, do)
}

func (r *Register) transact(ctx context.Context, action string, options *sql.TxOptions, do func(*sql.Tx) error) (err error) {
	defer func() {
		if err != nil {
			err = r.files.Failure(ctx, action, err)
		}
	}()
	// After the end of ctx, database/sql rolls the transaction back in the background. conn.Close waits for
	// the rollback; otherwise the file could still be open after [Register.Close].
	conn, err := r.db.Conn(ctx)
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }() // returns the connection to the pool
	tx, err := conn.BeginTx(ctx, options)
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback() }() // no effect after Commit
	if err := do(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// millis and instant convert between Go's times and the times in the database.
func millis(t time.Time) int64   { return t.UnixMilli() }
func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }
