package main

import (
	"context"
	"fmt"
	"strings"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/connect/view"
	"bookring/backend/desktop"

	wails "github.com/wailsapp/wails/v2/pkg/runtime"
)

// App holds the window's calls, in the order of the screens. The event "changed" tells the
// window of news; the window then asks for the Overview.
type App struct {
	window  context.Context // Wails' handle of the window
	program *connect.Program
}

// opened opens the data while the page loads.
func (a *App) opened(window context.Context, demo bool) {
	a.window = window
	_ = a.enter(demo)
}

// enter opens the demo's data, or the real data.
func (a *App) enter(demo bool) error {
	return a.program.Enter(a.window, demo, func() { wails.EventsEmit(a.window, "changed") })
}

// mayClose reports whether the window may close now.
func (a *App) mayClose() bool { return a.program.MayClose(a.Quit) }

// Overview returns everything in the window except the rows of the list. After a failure
// the window keeps its content.
func (a *App) Overview() (view.Overview, error) { return a.program.Overview(a.window, version) }

// Connect begins a round, or brings the waiting round forward.
func (a *App) Connect() error { return a.do((*connect.Connector).Connect) }

// SignInAgain begins a round for the person of a sign-in.
func (a *App) SignInAgain(id string) error {
	return a.try(func(c *connect.Connector) error { return c.SignInAgain(a.window, id) })
}

// OpenAgain opens the browser again for the waiting round.
func (a *App) OpenAgain() error { return a.try((*connect.Connector).OpenAgain) }

// CopyLink puts the waiting round's link on the clipboard. The window never holds the
// link, because the link holds state and nonce.
func (a *App) CopyLink() error {
	return a.try(func(c *connect.Connector) error {
		link, err := c.Link()
		if err != nil {
			return err
		}
		return wails.ClipboardSetText(a.window, link)
	})
}

// PasteAddress takes the browser's last address from the clipboard. The window never holds
// the address, because the address holds the code.
func (a *App) PasteAddress() error {
	return a.try(func(c *connect.Connector) error {
		address, err := wails.ClipboardGetText(a.window)
		if err != nil {
			return fmt.Errorf("read clipboard: %w", err)
		}
		return c.Paste(address)
	})
}

// MoreTime gives the waiting round the full time again.
func (a *App) MoreTime() error { return a.do((*connect.Connector).MoreTime) }

// Cancel ends every round under way.
func (a *App) Cancel() error { return a.do((*connect.Connector).Cancel) }

// UseThisSessionOnly saves later credentials in memory until the program ends.
func (a *App) UseThisSessionOnly() error { return a.do((*connect.Connector).UseThisSessionOnly) }

// Organisations returns a part of the list.
func (a *App) Organisations(q backend.Query) (view.Rows, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (view.Rows, error) { return c.Organisations(a.window, q) })
}

// OrganisationIDs returns the IDs of every organisation in a query's result.
func (a *App) OrganisationIDs(q backend.Query) ([]string, error) {
	return connect.Ask(a.program, func(c *connect.Connector) ([]string, error) { return c.OrganisationIDs(a.window, q) })
}

// CheckNow checks every sign-in in the background.
func (a *App) CheckNow() error {
	return a.try(func(c *connect.Connector) error { return c.CheckNow(a.window) })
}

// StopCheck ends the running check.
func (a *App) StopCheck() error { return a.do((*connect.Connector).StopCheck) }

// CameForward tells that the user looks at the window again.
func (a *App) CameForward() error { return a.do((*connect.Connector).CameForward) }

// DismissRecovery ends the notice about a lost list.
func (a *App) DismissRecovery() error {
	return a.do(func(c *connect.Connector) { c.DismissRecovery(a.window) })
}

// PlanDisconnect tells the effects of disconnecting or forgetting organisations.
func (a *App) PlanDisconnect(ids []string, forget bool) (view.Plan, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (view.Plan, error) { return c.PlanDisconnect(a.window, ids, forget) })
}

// Disconnect disconnects organisations, and forgets them if forget is set. keepName keeps
// forgotten names in the history.
func (a *App) Disconnect(ids []string, forget, keepName bool) (view.DisconnectResult, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (view.DisconnectResult, error) {
		return c.Disconnect(a.window, ids, forget, keepName)
	})
}

// ConnectAgain connects a disconnected organisation.
func (a *App) ConnectAgain(id string) error {
	return a.try(func(c *connect.Connector) error { return c.ConnectAgain(a.window, id) })
}

// SignIns returns every sign-in with its usage.
func (a *App) SignIns() ([]view.SignInRow, error) {
	return connect.Ask(a.program, func(c *connect.Connector) ([]view.SignInRow, error) { return c.SignIns(a.window) })
}

// RenewNow renews a sign-in and returns the new expiry.
func (a *App) RenewNow(id string) (string, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (string, error) { return c.RenewNow(a.window, id) })
}

// SaveCalendar asks for a place and saves a calendar file with the expiry of each sign-in.
// False means a user who cancelled.
func (a *App) SaveCalendar() (bool, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (bool, error) {
		content, err := c.Calendar(a.window)
		if err != nil {
			return false, err
		}
		return desktop.SaveAs(a.window, desktop.File{
			Title: backend.Say.CalendarFile.Title, Kind: backend.Say.CalendarFile.Kind,
			Name: "bookring-sign-ins.ics", Content: content,
		})
	})
}

// PlanDisconnectSignIn tells the effects of disconnecting a sign-in as a whole.
func (a *App) PlanDisconnectSignIn(id string) (view.Plan, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (view.Plan, error) { return c.PlanDisconnectSignIn(a.window, id) })
}

// DisconnectSignIn disconnects all organisations of a sign-in and revokes the sign-in.
func (a *App) DisconnectSignIn(id string) (view.DisconnectResult, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (view.DisconnectResult, error) { return c.DisconnectSignIn(a.window, id) })
}

// SaveClientID saves the client ID of the practice's Xero app.
func (a *App) SaveClientID(id string) error {
	return a.try(func(c *connect.Connector) error { return c.SaveClientID(a.window, id) })
}

// CopyRedirectAddresses puts all redirect addresses on the clipboard, a line each.
func (a *App) CopyRedirectAddresses() error {
	return a.try(func(c *connect.Connector) error {
		return wails.ClipboardSetText(a.window, strings.Join(c.RedirectAddresses(), "\n"))
	})
}

// SaveCheckEvery saves the checking interval.
func (a *App) SaveCheckEvery(setting string) error {
	return a.try(func(c *connect.Connector) error { return c.SaveCheckEvery(a.window, setting) })
}

// TryDemo opens the demo's data, at a simulated Xero.
func (a *App) TryDemo() error { return a.enter(true) }

// LeaveDemo opens the real data.
func (a *App) LeaveDemo() error { return a.enter(false) }

// PlanRemoval tells what Remove would remove.
func (a *App) PlanRemoval() (view.RemovalPlan, error) {
	return connect.Ask(a.program, func(c *connect.Connector) (view.RemovalPlan, error) { return c.PlanRemoval(a.window) })
}

// Remove removes everything from this computer, or goes on with a stopped removal. From is
// the phase with the pressed button. Disconnect disconnects at Xero first; anyway goes on
// after a failure.
func (a *App) Remove(from string, disconnect, anyway bool) error {
	return a.do(func(c *connect.Connector) { c.Remove(from, disconnect, anyway) })
}

// CancelRemoval cancels a removal before its deletions.
func (a *App) CancelRemoval() error { return a.try((*connect.Connector).CancelRemoval) }

// KeepRest gives up a stopped removal; after deletions the data are opened anew. The demo
// has no removal.
func (a *App) KeepRest() error {
	reopen, err := connect.Ask(a.program, (*connect.Connector).KeepRest)
	if err != nil || !reopen {
		return err
	}
	return a.enter(false)
}

// OpenPage opens a page at Xero, by its name, in the system browser.
func (a *App) OpenPage(name string) (err error) {
	defer connect.Recover(&err)
	return desktop.OpenPage(a.window, name)
}

// MailSupport opens the mail program with a message about a failure.
func (a *App) MailSupport(code string) (err error) {
	defer connect.Recover(&err)
	return desktop.MailSupport(a.window, version, code)
}

// KeepOpen is the answer to go on with an unsaved credential.
func (a *App) KeepOpen() error { return a.do((*connect.Connector).KeepOpen) }

// CloseAnyway is the answer to end the program with an unsaved credential.
func (a *App) CloseAnyway() error {
	defer a.Quit()
	return a.do((*connect.Connector).CloseAnyway)
}

// Quit ends the program, if the program may close.
func (a *App) Quit() { wails.Quit(a.window) }

func (a *App) do(call func(*connect.Connector)) error {
	return a.try(func(c *connect.Connector) error { call(c); return nil })
}

func (a *App) try(call func(*connect.Connector) error) error {
	_, err := connect.Ask(a.program, func(c *connect.Connector) (struct{}, error) { return struct{}{}, call(c) })
	return err
}
