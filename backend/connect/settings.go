package connect

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"time"

	"bookring/backend"
)

// The sources of a client ID.
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

// The settings of the checking interval. Daily is the default and replaces an unknown
// setting.
const (
	EveryHour      = "hour"
	EveryFourHours = "four-hours"
	Daily          = "day"
	Weekly         = "week"
)

const daily = 24 * time.Hour

var checkIntervals = map[string]time.Duration{
	EveryHour: time.Hour, EveryFourHours: 4 * time.Hour, Daily: daily, Weekly: 7 * daily,
}

// xeroClientID matches Xero's client IDs, testClientID those of a test server.
var (
	xeroClientID = regexp.MustCompile(`^[0-9A-Fa-f]{32}$`)
	testClientID = regexp.MustCompile(`^[!-~]{1,128}$`)
)

// settingStore stores settings. Setting returns "" for an unsaved setting.
type settingStore interface {
	Setting(ctx context.Context, name string) (string, error)
	SaveSetting(ctx context.Context, name, value string) error
}

// settings are the user's settings, and the administrator's.
type settings struct {
	store  settingStore
	news   *news
	config Config
}

// clientID returns the client ID in use and its source, or "". The administrator's client
// ID counts first, then the user's, then the built-in one.
func (s *settings) clientID(ctx context.Context) (id, from string, err error) {
	if s.config.ClientID != "" && s.config.ClientIDFrom != FromBuild {
		return s.config.ClientID, s.config.ClientIDFrom, nil
	}
	id, err = s.store.Setting(ctx, settingClientID)
	if err != nil {
		return "", "", err
	}
	if id != "" {
		return id, FromSettings, nil
	}
	if s.config.ClientID != "" {
		return s.config.ClientID, FromBuild, nil
	}
	return "", "", nil
}

func (s *settings) currentClientID(ctx context.Context) (string, error) {
	id, _, err := s.clientID(ctx)
	return id, err
}

func (s *settings) saveClientID(ctx context.Context, id string) error {
	return s.store.SaveSetting(ctx, settingClientID, id)
}

// usableClientID returns the client ID for a sign-in. Fails with NoClientID or
// MalformedClientID.
func (s *settings) usableClientID(ctx context.Context) (string, error) {
	id, err := s.currentClientID(ctx)
	switch {
	case err != nil:
		return "", err
	case id == "":
		return "", backend.Fail(backend.NoClientID, "", nil)
	case !s.wellFormed(id):
		return "", backend.Fail(backend.MalformedClientID, "", nil)
	}
	return id, nil
}

func (s *settings) wellFormed(id string) bool {
	if s.config.Demo || s.config.TestServer != "" {
		return testClientID.MatchString(id)
	}
	return xeroClientID.MatchString(id)
}

// SaveClientID saves the user's client ID without white space; "" returns to the built-in
// one. Fails with MalformedClientID and saves nothing.
func (s *settings) SaveClientID(ctx context.Context, id string) error {
	id = strings.Join(strings.Fields(id), "")
	if id != "" && !s.wellFormed(id) {
		return backend.Fail(backend.MalformedClientID, "", nil)
	}
	if err := s.saveClientID(ctx, id); err != nil {
		return err
	}
	s.news.notify()
	return nil
}

// SaveCheckEvery saves the checking interval. Fails with Unexpected for an unknown setting.
func (s *settings) SaveCheckEvery(ctx context.Context, setting string) error {
	if checkIntervals[setting] == 0 {
		return backend.Fail(backend.Unexpected, "", fmt.Errorf("check every %q", setting))
	}
	if err := s.store.SaveSetting(ctx, settingCheckEvery, setting); err != nil {
		return err
	}
	s.news.notify()
	return nil
}

// checkSetting returns the setting of the checking interval.
func (s *settings) checkSetting(ctx context.Context) (string, error) {
	setting, err := s.store.Setting(ctx, settingCheckEvery)
	if checkIntervals[setting] == 0 {
		setting = Daily
	}
	return setting, err
}

// checkEvery returns the checking interval, or the default if the register cannot be read: no
// check can begin then.
func (s *settings) checkEvery(ctx context.Context) time.Duration {
	setting, _ := s.checkSetting(ctx)
	return checkIntervals[setting]
}
