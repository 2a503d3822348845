package main

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"

	"bookring/backend"
	"bookring/backend/connect"
	"bookring/backend/desktop"

	wails "github.com/wailsapp/wails/v2/pkg/runtime"
)

// App is what the window can ask for, one method a button. The window hears
// "changed" when there is something new, and asks for the Overview.
type App struct {
	environment desktop.Environment
	window      context.Context // Wails' handle of the window
	ready       chan struct{}   // closed when there is a connector, or a reason why not

	entering atomic.Bool

	mu     sync.Mutex
	open   *connect.Connector
	end    func()
	broken *backend.Failure
}

func newApp(e desktop.Environment) *App {
	return &App{environment: e, ready: make(chan struct{}), end: func() {}}
}

// opened makes what is behind the window while the page loads.
func (a *App) opened(window context.Context) {
	a.window = window
	_ = a.enter(a.environment.Demo)
	close(a.ready)
}

// enter leaves what there is for the demo, or for the real thing. What the
// window asks meanwhile waits.
func (a *App) enter(demo bool) (err error) {
	defer recovered(&err)
	a.mu.Lock()
	defer a.mu.Unlock()
	a.entering.Store(true)
	defer a.entering.Store(false)
	// Whatever was made anew after a removal would stay behind.
	if a.open != nil && a.open.Removed() {
		return nil
	}
	a.end()
	if a.open != nil && a.open.Removed() {
		return nil
	}
	changed := func() { wails.EventsEmit(a.window, "changed") }
	a.environment.Demo = demo
	c, end, failure := open(a.window, a.environment, changed)
	a.open, a.end, a.broken = c, end, backend.AsFailure(failure)
	changed()
	return nil
}

// closed ends it with the window.
func (a *App) closed() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.end()
}

// mayClose is asked before the window closes.
func (a *App) mayClose() bool {
	select {
	case <-a.ready:
	default:
		return true
	}
	if a.entering.Load() {
		return true // what was open is closed already, or being closed
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.open == nil || a.broken != nil || a.open.MayClose(func() { go a.Quit() })
}

// Overview returns what the window shows besides the rows of the list. It fails
// where that cannot be read just now: what the window shows stays.
func (a *App) Overview() (connect.Overview, error) {
	o, err := ask(a, func(c *connect.Connector) (connect.Overview, error) { return c.Overview(a.window) })
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.broken != nil {
		return connect.Broken(a.broken, version), nil
	}
	return o, err
}

// Organisations returns a part of the list.
func (a *App) Organisations(q backend.Query) (connect.Rows, error) {
	return ask(a, func(c *connect.Connector) (connect.Rows, error) { return c.Organisations(a.window, q) })
}

// SignIns returns every sign-in with what it carries.
func (a *App) SignIns() ([]connect.SignInRow, error) {
	return ask(a, func(c *connect.Connector) ([]connect.SignInRow, error) { return c.SignIns(a.window) })
}

// RenewNow renews a sign-in and returns until when it is kept now.
func (a *App) RenewNow(id string) (string, error) {
	return ask(a, func(c *connect.Connector) (string, error) { return c.RenewNow(a.window, id) })
}

// SaveCalendar asks for a place and saves a calendar file with the dates on
// which sign-ins end; false is a person who changed their mind.
func (a *App) SaveCalendar() (bool, error) {
	return ask(a, func(c *connect.Connector) (bool, error) {
		content, err := c.Calendar(a.window)
		if err != nil {
			return false, err
		}
		return desktop.SaveAs(a.window, desktop.File{
			Title: "Save calendar file", Name: "bookring-sign-ins.ics", Kind: "Calendar", Content: content,
		})
	})
}

// OrganisationIDs returns the IDs of every organisation that fits a query.
func (a *App) OrganisationIDs(q backend.Query) ([]string, error) {
	return ask(a, func(c *connect.Connector) ([]string, error) { return c.OrganisationIDs(a.window, q) })
}

// PlanDisconnect says what disconnecting or forgetting organisations would mean.
func (a *App) PlanDisconnect(ids []string, forget bool) (connect.Plan, error) {
	return ask(a, func(c *connect.Connector) (connect.Plan, error) { return c.PlanDisconnect(a.window, ids, forget) })
}

// Disconnect disconnects organisations, and forgets them if so wanted.
func (a *App) Disconnect(ids []string, forget bool) (connect.Gone, error) {
	return ask(a, func(c *connect.Connector) (connect.Gone, error) { return c.Disconnect(a.window, ids, forget) })
}

// PlanDisconnectSignIn says what disconnecting all of a sign-in would mean.
func (a *App) PlanDisconnectSignIn(id string) (connect.Plan, error) {
	return ask(a, func(c *connect.Connector) (connect.Plan, error) { return c.PlanDisconnectSignIn(a.window, id) })
}

// DisconnectSignIn disconnects all that a sign-in reaches, and lets it go.
func (a *App) DisconnectSignIn(id string) (connect.Gone, error) {
	return ask(a, func(c *connect.Connector) (connect.Gone, error) { return c.DisconnectSignIn(a.window, id) })
}

// ConnectAgain connects an organisation that was disconnected here.
func (a *App) ConnectAgain(id string) error {
	return a.try(func(c *connect.Connector) error { return c.ConnectAgain(a.window, id) })
}

// Connect begins a sign-in, or brings the waiting one forward.
func (a *App) Connect() error { return a.do((*connect.Connector).Connect) }

// SignInAgain begins a sign-in for one person, by the id of their sign-in.
func (a *App) SignInAgain(id string) error {
	return a.try(func(c *connect.Connector) error { return c.SignInAgain(a.window, id) })
}

// OpenAgain opens the browser again for the sign-in that waits.
func (a *App) OpenAgain() error { return a.try((*connect.Connector).OpenAgain) }

// MoreTime gives the sign-in that waits the full time again.
func (a *App) MoreTime() error { return a.do((*connect.Connector).MoreTime) }

// Cancel ends every sign-in that waits.
func (a *App) Cancel() error { return a.do((*connect.Connector).Cancel) }

// CheckNow asks Xero how every organisation stands.
func (a *App) CheckNow() error {
	return a.try(func(c *connect.Connector) error { return c.CheckNow(a.window) })
}

// StopCheck ends a check that runs.
func (a *App) StopCheck() error { return a.do((*connect.Connector).StopCheck) }

// CameForward is told that the person looks at the window again.
func (a *App) CameForward() error { return a.do((*connect.Connector).CameForward) }

// UseThisSessionOnly keeps new sign-ins in memory until the program ends.
func (a *App) UseThisSessionOnly() error { return a.do((*connect.Connector).UseThisSessionOnly) }

// DismissRecovery is told that what became of a lost list was read.
func (a *App) DismissRecovery() error {
	return a.do(func(c *connect.Connector) { c.DismissRecovery(a.window) })
}

// CopyLink puts the link of the sign-in that waits on the clipboard. The window
// never holds it: it carries state and nonce.
func (a *App) CopyLink() error {
	return a.try(func(c *connect.Connector) error {
		link, err := c.Link()
		if err != nil {
			return err
		}
		return wails.ClipboardSetText(a.window, link)
	})
}

// PasteAddress takes the address on which the browser ended from the clipboard.
// The window never holds it: it carries the code.
func (a *App) PasteAddress() error {
	return a.try(func(c *connect.Connector) error {
		address, err := wails.ClipboardGetText(a.window)
		if err != nil {
			return fmt.Errorf("read clipboard: %w", err)
		}
		return c.Paste(address)
	})
}

// SaveCheckEvery keeps how often Bookring checks by itself.
func (a *App) SaveCheckEvery(setting string) error {
	return a.try(func(c *connect.Connector) error { return c.SaveCheckEvery(a.window, setting) })
}

// SaveClientID keeps the client ID of the practice's Xero app.
func (a *App) SaveClientID(id string) error {
	return a.try(func(c *connect.Connector) error { return c.SaveClientID(a.window, id) })
}

// CopyRedirectAddresses puts all redirect addresses on the clipboard, a line each.
func (a *App) CopyRedirectAddresses() error {
	return a.try(func(c *connect.Connector) error {
		return wails.ClipboardSetText(a.window, strings.Join(c.Facts.RedirectAddresses, "\n"))
	})
}

// TryDemo goes over to made-up data at a simulated Xero.
func (a *App) TryDemo() error { return a.enter(true) }

// LeaveDemo goes back to the real data.
func (a *App) LeaveDemo() error { return a.enter(false) }

// PlanRemoval says what Remove would remove.
func (a *App) PlanRemoval() (connect.RemovalPlan, error) {
	return ask(a, func(c *connect.Connector) (connect.RemovalPlan, error) { return c.PlanRemoval(a.window) })
}

// Remove removes everything from this computer: tell lets Xero know first,
// anyway goes on although the keychain keeps keys.
func (a *App) Remove(tell, anyway bool) error {
	return a.do(func(c *connect.Connector) { c.Remove(tell, anyway) })
}

// CancelRemoval ends telling Xero, and removes nothing.
func (a *App) CancelRemoval() error { return a.do((*connect.Connector).CancelRemoval) }

// KeepRest goes on with what a removal that was stopped has left.
func (a *App) KeepRest() error {
	whole, err := ask(a, func(c *connect.Connector) (bool, error) { return c.KeepRest(), nil })
	if err != nil || whole {
		return err
	}
	return a.enter(false) // the demo removes nothing
}

// OpenPage opens one of a few pages at Xero, by name, in the system browser.
func (a *App) OpenPage(name string) (err error) {
	defer recovered(&err)
	return desktop.OpenPage(a.window, name)
}

// MailSupport opens the mail program with a message that names a failure.
func (a *App) MailSupport(code string) (err error) {
	defer recovered(&err)
	return desktop.MailSupport(a.window, version, code)
}

// KeepOpen answers the question whether to close while a renewed key is not
// saved.
func (a *App) KeepOpen() error { return a.do((*connect.Connector).KeepOpen) }

// CloseAnyway is the other answer: it ends the program.
func (a *App) CloseAnyway() error {
	defer a.Quit()
	return a.do((*connect.Connector).CloseAnyway)
}

// Quit ends the program, if it may close.
func (a *App) Quit() { wails.Quit(a.window) }

func (a *App) do(act func(*connect.Connector)) error {
	return a.try(func(c *connect.Connector) error { act(c); return nil })
}

func (a *App) try(act func(*connect.Connector) error) error {
	_, err := ask(a, func(c *connect.Connector) (struct{}, error) { return struct{}{}, act(c) })
	return err
}

// ask runs a use case. A panic becomes a failure, because Wails would leave the
// window waiting for ever.
func ask[T any](a *App, act func(*connect.Connector) (T, error)) (answer T, err error) {
	defer recovered(&err)
	<-a.ready
	a.mu.Lock()
	c, broken := a.open, a.broken
	a.mu.Unlock()
	if broken != nil {
		return answer, broken
	}
	answer, err = act(c)
	if err != nil {
		c.Note(err)
	}
	return answer, err
}

// recovered makes a failure of a panic.
func recovered(err *error) {
	if p := recover(); p != nil {
		*err = backend.Fail(backend.Unexpected, "", fmt.Errorf("panic: %v", p))
	}
}
