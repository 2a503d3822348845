package limits

import (
	"context"
	"encoding/json"
	"time"

	"bookring/backend"
)

// setting is the name of the remembered limits in the register.
const setting = "limits"

// remembered is a limit in the register. Times are milliseconds since 1970 in UTC.
type remembered struct {
	App   string `json:"app"`
	ID    string `json:"id,omitempty"`
	From  int64  `json:"from"`
	Until int64  `json:"until"`
}

// save remembers the limits of the API. After a failure a restart forgets the limits, and the
// next call meets them again.
func (l *Limits) save(ctx context.Context) {
	l.saving.Lock()
	defer l.saving.Unlock()
	value, err := json.Marshal(l.current())
	if err == nil {
		err = l.Register.SaveSetting(context.WithoutCancel(ctx), setting, string(value))
	}
	if err != nil {
		l.log.Warn("limits not saved", "code", backend.CodeOf(err))
	}
}

// current returns the limits that still hold, without the token endpoint's.
func (l *Limits) current() []remembered {
	now := l.clock.Now()
	l.mu.Lock()
	defer l.mu.Unlock()
	all := []remembered{}
	for s, h := range l.held {
		if h.holds(now) && s.id != renewals {
			all = append(all, remembered{s.app, s.id, h.from.UnixMilli(), h.until.UnixMilli()})
		}
	}
	return all
}

// recall reads the remembered limits, once. Limits that cannot be read hold nothing: the next
// call meets them again. A remembered limit longer than a day is damaged.
func (l *Limits) recall() {
	l.load.Do(func() {
		var all []remembered
		value, err := l.Register.Setting(context.Background(), setting)
		if err == nil && value != "" {
			err = json.Unmarshal([]byte(value), &all)
		}
		if err != nil {
			l.log.Warn("limits not read", "code", backend.CodeOf(err))
			return
		}
		l.mu.Lock()
		defer l.mu.Unlock()
		for _, r := range all {
			h := hold{from: time.UnixMilli(r.From), until: time.UnixMilli(r.Until), inarow: 1}
			if h.until.Sub(h.from) <= longest {
				l.held[subject{r.App, r.ID}] = h
			}
		}
	})
}
