package connect

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"bookring/backend"
)

// Where a client ID can be from.
const (
	FromSettings    = "settings"
	FromEnvironment = "environment"
	FromBuild       = "built-in"
	FromDemo        = "demo"
)

const (
	settingClientID   = "client-id"
	settingCheckEvery = "check-every"
)

// The settings of how often Bookring checks by itself. Daily is the one that is
// never saved, and what a setting is taken for that this program does not know.
const (
	EveryHour      = "hour"
	EveryFourHours = "four-hours"
	Daily          = "day"
	Weekly         = "week"
)

var checkIntervals = map[string]time.Duration{
	EveryHour: time.Hour, EveryFourHours: 4 * time.Hour, Daily: checkInterval, Weekly: 7 * 24 * time.Hour,
}

// xeroClientID is what Xero's client IDs look like; testClientID is what a test
// server may use.
var (
	xeroClientID = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)
	testClientID = regexp.MustCompile(`^[!-~]{1,128}$`)
)

// clientID returns the client ID in use and where it is from, or "". What an
// administrator has set counts before what was typed, and that before what is
// built in.
func (c *Connector) clientID(ctx context.Context) (id, from string, err error) {
	if c.ClientID != "" && c.ClientIDFrom != FromBuild {
		return c.ClientID, c.ClientIDFrom, nil
	}
	id, err = c.Register.Setting(ctx, settingClientID)
	if err != nil {
		return "", "", err
	}
	if id != "" {
		return id, FromSettings, nil
	}
	if c.ClientID != "" {
		return c.ClientID, FromBuild, nil
	}
	return "", "", nil
}

// usableClientID returns the client ID for a sign-in. Fails with NoClientID or
// MalformedClientID.
func (c *Connector) usableClientID(ctx context.Context) (string, error) {
	id, _, err := c.clientID(ctx)
	if err != nil {
		return "", err
	}
	if id == "" {
		return "", backend.Fail(backend.NoClientID, "", nil)
	}
	if !c.wellFormed(id) {
		return "", backend.Fail(backend.MalformedClientID, "", nil)
	}
	return id, nil
}

func (c *Connector) wellFormed(id string) bool {
	if c.Facts.Demo || c.Facts.TestServer != "" {
		return testClientID.MatchString(id)
	}
	return xeroClientID.MatchString(id)
}

// SaveClientID keeps the client ID that a person has typed; an empty one goes
// back to what is built in. White space around and inside it is left out. Fails
// with MalformedClientID and keeps the one before.
func (c *Connector) SaveClientID(ctx context.Context, id string) error {
	id = strings.Join(strings.Fields(id), "")
	if id != "" && !c.wellFormed(id) {
		return backend.Fail(backend.MalformedClientID, "", nil)
	}
	if err := c.Register.SaveSetting(ctx, settingClientID, id); err != nil {
		return err
	}
	c.Notify()
	return nil
}

// UseThisSessionOnly keeps the credentials of sign-ins from now on in memory,
// until the program ends.
func (c *Connector) UseThisSessionOnly() {
	c.change(func() { c.sessionOnly = true })
}

// SaveCheckEvery keeps how often Bookring checks by itself. Fails with Unexpected
// for what is none of the settings.
func (c *Connector) SaveCheckEvery(ctx context.Context, setting string) error {
	if checkIntervals[setting] == 0 {
		return backend.Fail(backend.Unexpected, "", fmt.Errorf("check every %q", setting))
	}
	if err := c.Register.SaveSetting(ctx, settingCheckEvery, setting); err != nil {
		return err
	}
	c.Notify()
	return nil
}

// checkSetting returns how often Bookring checks by itself.
func (c *Connector) checkSetting(ctx context.Context) (string, error) {
	setting, err := c.Register.Setting(ctx, settingCheckEvery)
	if checkIntervals[setting] == 0 {
		setting = Daily
	}
	return setting, err
}

// checkEvery is how old a check may become. A register that cannot be read keeps
// the check itself from beginning.
func (c *Connector) checkEvery(ctx context.Context) time.Duration {
	setting, _ := c.checkSetting(ctx)
	return checkIntervals[setting]
}
