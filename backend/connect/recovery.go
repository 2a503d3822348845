package connect

import (
	"context"
	"encoding/json"
	"time"

	"bookring/backend"
)

// Recovery is what became of a list that was damaged or lost, for the window;
// it is shown until the person has put it away, across restarts.
type Recovery struct {
	// Lost: the file was damaged, empty or gone. Otherwise the list only lacked
	// sign-ins that the password store holds.
	Lost bool `json:"lost"`
	// Kept is the folder that holds the damaged file, or "".
	Kept string `json:"kept"`
	// BackupAt is when the backup was made that the list was restored from, or "".
	BackupAt string `json:"backupAt"`
	// SignIns is how many the password store gave back; Asked: it has answered.
	SignIns int  `json:"signIns"`
	Asked   bool `json:"asked"`
	// Checked counts the organisations that Xero has told of since. Waiting: not
	// through all sign-ins yet.
	Checked int  `json:"checked"`
	Waiting bool `json:"waiting"`
}

// loss is the part of a [Recovery] that is kept, in a setting.
type loss struct {
	At       time.Time `json:"at"`
	Lost     bool      `json:"lost"`
	Kept     string    `json:"kept"`
	BackupAt time.Time `json:"backupAt,omitzero"`
	SignIns  int       `json:"signIns"`
	Asked    bool      `json:"asked"`
	// Read: the person has put it away, though the keychain was still to be asked.
	Read bool `json:"read,omitzero"`
}

const settingLoss = "loss"

// readLoss takes up what became of the list when it was opened, now or in an
// earlier run that nobody has put away.
func (c *Connector) readLoss(ctx context.Context) {
	if c.Opening.Lost {
		c.saveLoss(ctx, &loss{At: c.millis(), Lost: true, Kept: c.Opening.DamagedFolder, BackupAt: c.Opening.BackupAt})
		return
	}
	text, err := c.Register.Setting(ctx, settingLoss)
	var l loss
	if err != nil || text == "" || json.Unmarshal([]byte(text), &l) != nil {
		return
	}
	c.change(func() { c.loss = &l })
}

// saveLoss keeps what the window says of a loss; nil puts it away. Where it
// cannot be kept it is said in this run all the same.
func (c *Connector) saveLoss(ctx context.Context, l *loss) {
	text := ""
	if l != nil {
		encoded, _ := json.Marshal(l) // texts, times and numbers
		text = string(encoded)
	}
	if err := c.Register.SaveSetting(ctx, settingLoss, text); err != nil {
		c.Log.Info("loss not noted", "code", backend.AsFailure(err).Code)
	}
	c.change(func() { c.loss = l })
}

// DismissRecovery is told that the person has read what became of the list.
// A keychain that has not answered is asked again all the same.
func (c *Connector) DismissRecovery(ctx context.Context) {
	c.mu.Lock()
	l := c.loss
	c.mu.Unlock()
	if l == nil || l.Asked {
		c.saveLoss(ctx, nil)
		return
	}
	read := *l
	read.Read = true
	c.saveLoss(ctx, &read)
}

// lossUnasked reports that there was a loss and the keychain has not said yet
// what it holds.
func (c *Connector) lossUnasked() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.loss != nil && !c.loss.Asked
}

// noteRecalled writes down that the keychain has answered, and how many sign-ins
// came back.
func (c *Connector) noteRecalled(ctx context.Context, signIns int) {
	now := loss{At: c.millis()}
	c.mu.Lock()
	if c.loss != nil {
		now = *c.loss
	}
	c.mu.Unlock()
	if now.Read && signIns == 0 { // nothing that was not read
		c.saveLoss(ctx, nil)
		return
	}
	now.Asked, now.Read, now.SignIns = true, false, now.SignIns+signIns
	c.saveLoss(ctx, &now)
}

// millis is now as the register keeps it.
func (c *Connector) millis() time.Time { return c.Now().UTC().Truncate(time.Millisecond) }

// recovery says how far the list has come back; nil if there was no loss.
func (c *Connector) recovery(ctx context.Context) (*Recovery, error) {
	c.mu.Lock()
	l := c.loss
	c.mu.Unlock()
	if l == nil || l.Read {
		return nil, nil
	}
	signIns, err := c.Register.SignIns(ctx)
	if err != nil {
		return nil, err
	}
	r := &Recovery{Lost: l.Lost, Kept: l.Kept, BackupAt: stamp(l.BackupAt), SignIns: l.SignIns, Asked: l.Asked}
	for _, s := range signIns {
		r.Waiting = r.Waiting || s.CheckedAt.Before(l.At)
	}
	r.Checked, err = c.Register.CheckedSince(ctx, l.At)
	return r, err
}
