package desktop_test

import (
	"runtime/debug"
	"testing"

	"bookring/backend/desktop"
)

func TestTheCommitComesFromTheLinkerOrFromGo(t *testing.T) {
	revision := debug.BuildSetting{Key: "vcs.revision", Value: "0123456789abcdef0123456789abcdef01234567"}
	changed := debug.BuildSetting{Key: "vcs.modified", Value: "true"}
	for want, settings := range map[string][]debug.BuildSetting{
		"0123456789ab": {revision}, "0123456789ab+changes": {revision, changed}, "unknown": nil,
	} {
		if commit := desktop.CommitOf(&debug.BuildInfo{Settings: settings}); commit != want {
			t.Errorf("%s, want %s", commit, want)
		}
	}
	if commit := desktop.CommitOf(nil); commit != "unknown" {
		t.Error(commit)
	}
	if commit := desktop.Commit("linker"); commit != "linker" {
		t.Error(commit)
	}
}
