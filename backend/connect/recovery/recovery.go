// Package recovery brings a lost list back, and a lost key. The database can be damaged,
// empty or gone, or can lack sign-ins of the keychain. [Recovery] reads the missing sign-ins
// from the keychain's index into the register; the next check reads their organisations from
// Xero. [Recovery.Notice] tells the window how far the list has come back. The keychain, too,
// can lack credentials and have them again later (returning.go).
package recovery

import (
	"context"
	"encoding/json"
	"log/slog"
	"sync"
	"sync/atomic"
	"time"

	"bookring/backend"
	"bookring/backend/connect/retry"
	"bookring/backend/connect/task"
)

// Ports are the parts outside the room. main.go sets Register and Issuer, connect.New the
// others.
type Ports struct {
	Register register
	SignIns  signIns
	// Issuer names the authorization server of the data's sign-ins.
	Issuer func(ctx context.Context) (string, error)
	// ClientID returns the client ID in use, or "". SaveClientID saves one.
	ClientID     func(ctx context.Context) (string, error)
	SaveClientID func(ctx context.Context, id string) error
	// Watch, if not nil, calls changed after a change of the keychain that can bring
	// credentials back, until ctx ends.
	Watch func(ctx context.Context, changed func())
	// Pending reports a grant whose sign-in is recorded without a recall.
	Pending func(key backend.SignInKey) bool
	// Opening is the result of opening the register.
	Opening backend.Opening
}

// register is the database; sqlite.Register documents the methods.
type register interface {
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	AllSignIns(ctx context.Context) ([]backend.SignIn, error)
	Recall(ctx context.Context, signIns []backend.SignIn, at time.Time) (recalled int, err error)
	ReturnSignIns(ctx context.Context, signIns []backend.SignIn, at time.Time) (returned int, err error)
	CheckedSince(ctx context.Context, since time.Time) (int, error)
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}

// signIns reads the keychain; renewal.Keeper does.
type signIns interface {
	Keys(ctx context.Context) (keys []backend.SignInKey, damaged bool, err error)
	Recall(ctx context.Context, key backend.SignInKey) (s backend.SignIn, found bool, err error)
	Unlocked(ctx context.Context) error
}

// Recovery recalls sign-ins. Make a Recovery with [New].
type Recovery struct {
	Ports
	clock   task.Clock
	log     *slog.Logger
	changed func()
	// keychain is the backoff of a keychain without an answer.
	keychain retry.Schedule[struct{}]
	// recalling is true during a [Recovery.Recall].
	recalling atomic.Bool
	// lasting follows the failures to recall, to look for keys and to save the notice.
	lasting retry.Lasting[string]

	mu   sync.Mutex
	loss *loss // or nil
}

// New returns a Recovery. Changed is called after a change of [Recovery.Notice].
func New(p Ports, clock task.Clock, log *slog.Logger, changed func()) *Recovery {
	return &Recovery{Ports: p, clock: clock, log: log, changed: changed}
}

// loss is the stored part of a [Notice], a setting in the register.
type loss struct {
	At       time.Time `json:"at"`
	Lost     bool      `json:"lost"`
	Kept     string    `json:"kept"` // the damaged folder
	BackupAt time.Time `json:"backupAt,omitzero"`
	SignIns  int       `json:"signIns"`
	Asked    bool      `json:"asked"`
	// Read: the user has dismissed the notice before the keychain's answer.
	Read bool `json:"read,omitzero"`
}

const settingLoss = "loss"

// Notice tells what became of a lost list. It remains, across restarts, until the user
// dismisses it.
type Notice struct {
	// Lost: the database was damaged, empty or gone. Otherwise the list only lacked
	// sign-ins of the keychain.
	Lost bool
	// DamagedFolder holds the damaged database, or is "".
	DamagedFolder string
	// BackupAt is the age of the backup that replaced the database, or zero.
	BackupAt time.Time
	// SignIns counts the recalled sign-ins; KeychainRead: the keychain has answered.
	SignIns      int
	KeychainRead bool
	// Checked counts the organisations checked since. Unchecked: a sign-in is not checked
	// yet.
	Checked   int
	Unchecked bool
}

// Begin notes a loss at the opening of the register, or in an earlier run.
func (r *Recovery) Begin(ctx context.Context) {
	if o := r.Opening; o.Lost {
		r.save(ctx, &loss{At: r.now(), Lost: true, Kept: o.DamagedFolder, BackupAt: o.BackupAt})
		return
	}
	text, err := r.Register.Setting(ctx, settingLoss)
	var l loss
	if err != nil || text == "" || json.Unmarshal([]byte(text), &l) != nil {
		return
	}
	if now := r.now(); l.At.After(now) { // the clock was wrong; no check would ever be later
		l.At = now
		r.save(ctx, &l)
		return
	}
	r.set(&l)
}

// Notice returns the notice for the window, or nil.
func (r *Recovery) Notice(ctx context.Context) (*Notice, error) {
	l := r.lost()
	if l == nil || l.Read {
		return nil, nil
	}
	all, err := r.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	n := &Notice{Lost: l.Lost, DamagedFolder: l.Kept, BackupAt: l.BackupAt, SignIns: l.SignIns, KeychainRead: l.Asked}
	for _, s := range all {
		n.Unchecked = n.Unchecked || s.CheckedAt.Before(l.At)
	}
	n.Checked, err = r.Register.CheckedSince(ctx, l.At)
	return n, err
}

// Dismiss ends the notice. A keychain without an answer is asked again all the same.
func (r *Recovery) Dismiss(ctx context.Context) {
	l := r.lost()
	if l == nil || l.Asked {
		r.save(ctx, nil)
		return
	}
	read := *l
	read.Read = true
	r.save(ctx, &read)
}

// save stores a loss; nil ends the notice. A failure to store leaves the notice for this
// run.
func (r *Recovery) save(ctx context.Context, l *loss) {
	text := ""
	if l != nil {
		encoded, _ := json.Marshal(l) // texts, times and numbers
		text = string(encoded)
	}
	if err := r.Register.SaveSetting(ctx, settingLoss, text); r.lasting.Began("save", err) {
		r.log.Info("loss not recorded", "code", backend.CodeOf(err))
	}
	r.set(l)
}

func (r *Recovery) set(l *loss) {
	r.mu.Lock()
	r.loss = l
	r.mu.Unlock()
	r.changed()
}

func (r *Recovery) lost() *loss {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.loss
}

// now is the time with the register's precision.
func (r *Recovery) now() time.Time { return r.clock.Now().UTC().Truncate(time.Millisecond) }
