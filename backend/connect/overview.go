package connect

import (
	"context"
	"slices"
	"time"

	"bookring/backend"
	"bookring/backend/connect/recovery"
	"bookring/backend/connect/rounds"
	"bookring/backend/connect/view"
)

// Overview returns everything in the window except the rows of the list. Fails as reading
// the register does.
func (c *Connector) Overview(ctx context.Context) (view.Overview, error) {
	removed := c.Removed() // before the look at the removal, so that its last phase is seen
	o := c.facts()
	if removed {
		return o.Complete(), nil
	}
	c.addProgress(&o)
	if err := c.addStored(ctx, &o); err != nil {
		return view.Overview{}, err
	}
	return o.Complete(), nil
}

// facts returns the only part of the overview left by a complete removal. The revision comes
// before everything else, because an older revision only makes the window ask again.
func (c *Connector) facts() view.Overview {
	o := view.Overview{
		Demo: c.config.Demo, TestServer: c.config.TestServer, RedirectAddresses: c.config.RedirectAddresses,
		System: c.config.System, DataFolder: c.config.DataFolder, Version: c.config.Version, Commit: c.config.Commit,
	}
	o.Revision, _ = c.news.state()
	o.Removal = removalView(c.removing.removal.Progress())
	return o
}

// addProgress adds the work as it goes on: the check before its details, because the reading
// of details begins before the check ends.
func (c *Connector) addProgress(o *view.Overview) {
	_, o.KeychainWaiting = c.news.state()
	o.Faults = c.news.panics()
	o.SignIn, o.Check = roundView(c.rounds.Progress()), c.checkView()
}

// addStored adds the part of the overview from the register.
func (c *Connector) addStored(ctx context.Context, o *view.Overview) error {
	counts, err := c.config.Lists.Counts(ctx)
	if err != nil {
		return err
	}
	o.Count(counts)
	unreached, err := c.config.Lists.Unreached(ctx)
	if err != nil {
		return err
	}
	o.Repairs = view.Repairs(unreached)
	if o.ClientID, o.ClientIDFrom, err = c.clientID(ctx); err != nil {
		return err
	}
	notice, err := c.recovery.Notice(ctx)
	if err != nil {
		return err
	}
	o.Recovery = recoveryView(notice)
	if o.CheckEvery, err = c.checkSetting(ctx); err != nil {
		return err
	}
	all, err := c.config.Lists.AllSignIns(ctx)
	if err != nil {
		return err
	}
	o.SignIns, o.NearExpiry, o.CheckedAt = len(all), view.SignInsNearExpiry(all, c.clock.Now()), view.CheckedAt(all)
	o.WriteFailure, o.ReadOnly = view.Failure(c.config.Upkeep.Unwritten()), c.config.Opening.ReadOnly != nil
	o.Network, o.SessionOnly = c.config.Opening.Network, c.keeper.SessionOnly()
	keys, late := c.keeper.Unsaved()
	o.Unsaved, o.Closing = late, c.closingPhase()
	slow := c.keeper.Slow()
	var limit time.Time
	for _, s := range all {
		// A limit of an app without a living sign-in holds back nothing.
		if end := c.limits.OfApp(s.ClientID); s.EndedAt.IsZero() && end.After(limit) {
			limit = end
		}
		if slices.Contains(slow, s.SignInKey) {
			o.Check.Slow = append(o.Check.Slow, s.Name)
		}
		if slices.Contains(keys, s.SignInKey) {
			o.UnsavedOf = append(o.UnsavedOf, s.Name)
		}
		if s.Trouble == backend.XeroPartlyRead {
			o.Check.Parts = append(o.Check.Parts, view.PartOf(s, c.recorder.Part(s.SignInKey)))
		}
	}
	o.Check.LimitUntil = view.Stamp(limit)
	return nil
}

func (c *Connector) checkView() view.Check {
	check, failedAt := c.syncer.Progress()
	return view.Check{
		Running: check.Running, Done: check.Done, Total: check.Total, Details: view.Reading(c.details.Progress()),
		TriedAt: view.Stamp(failedAt), Unread: c.details.Unread(),
	}
}

func roundView(p rounds.Progress) view.Progress {
	return view.Progress{
		Number: p.Number, Phase: p.Phase, Deadline: view.Stamp(p.Deadline), BrowserFailed: p.BrowserFailed,
		Expected: p.Expected, Connected: view.Outcome(p.Outcome), Failed: view.Failure(p.Failure), Pending: p.Pending, Unsaved: p.Unsaved,
		Late: view.Late{Number: p.Late.Number, Connected: view.Outcome(p.Late.Outcome), Failed: view.Failure(p.Late.Failure)},
	}
}

func recoveryView(n *recovery.Notice) *view.Recovery {
	if n == nil {
		return nil
	}
	return &view.Recovery{
		Lost: n.Lost, DamagedFolder: n.DamagedFolder, BackupAt: view.Stamp(n.BackupAt), SignIns: n.SignIns,
		KeychainRead: n.KeychainRead, Checked: n.Checked, Unchecked: n.Unchecked,
	}
}

// lists is the register behind the window; sqlite.Register documents the methods.
type lists interface {
	Organisations(ctx context.Context, q backend.Query) (backend.Page, error)
	IDs(ctx context.Context, q backend.Query) ([]string, error)
	Counts(ctx context.Context) ([]backend.Count, error)
	SignIns(ctx context.Context) ([]backend.SignIn, error)
	AllSignIns(ctx context.Context) ([]backend.SignIn, error)
	Usage(ctx context.Context, names int) (map[backend.SignInKey]backend.SignInUsage, error)
	Unreached(ctx context.Context) ([]backend.Unreached, error)
	DisconnectEffects(ctx context.Context, r backend.DisconnectRequest) ([]backend.DisconnectEffect, string, error)
}
