package desktop

import "runtime/debug"

// Commit returns the commit of the program's source: the linker's value if
// present, otherwise the value of Go's build information, with "+changes" after
// uncommitted changes, otherwise "unknown".
func Commit(fromLinker string) string {
	if fromLinker != "" {
		return fromLinker
	}
	info, _ := debug.ReadBuildInfo()
	return commitOf(info)
}

const commitLength = 12

func commitOf(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	settings := map[string]string{}
	for _, s := range info.Settings {
		settings[s.Key] = s.Value
	}
	commit := settings["vcs.revision"]
	switch {
	case len(commit) < commitLength:
		return "unknown"
	case settings["vcs.modified"] == "true":
		return commit[:commitLength] + "+changes"
	}
	return commit[:commitLength]
}
