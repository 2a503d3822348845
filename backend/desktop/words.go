package desktop

import (
	"fmt"
	"runtime/debug"
)

const help = `Bookring connects the Xero organisations of many clients and keeps every
connection alive. It only reads.

  bookring            opens the window
  bookring -demo      opens it with made-up data, at a simulated Xero
  bookring -version   says the version and the commit it was built from
  bookring -help      says this

Settings for whoever looks after the computers, as environment variables:

  BOOKRING_CLIENT_ID       the client ID of the practice's Xero app
  BOOKRING_REDIRECT_PORTS  other redirect ports, separated by commas
  BOOKRING_DATA_DIR        another data folder, on a disk of this computer
  BOOKRING_XERO_DISCOVERY  } a test server instead of Xero: addresses on this
  BOOKRING_XERO_API        } computer only, with data and keys of its own
  HTTPS_PROXY, NO_PROXY    the proxy
`

// Words returns what a copy says that was asked for words, and not for a window:
// with -version or -help. Otherwise it returns "".
func (e Environment) Words(version, commit string) string {
	switch {
	case e.help:
		return help
	case e.version:
		return fmt.Sprintf("Bookring %s (commit %s)\n", version, commit)
	}
	return ""
}

// Commit returns what the program was built from: what the linker was told, or
// else what Go noted while it built, with "+changes" if that was not all, or
// "unknown".
func Commit(told string) string {
	if told != "" {
		return told
	}
	info, _ := debug.ReadBuildInfo()
	return noted(info)
}

const commitLength = 12

func noted(info *debug.BuildInfo) string {
	if info == nil {
		return "unknown"
	}
	noted := map[string]string{}
	for _, s := range info.Settings {
		noted[s.Key] = s.Value
	}
	commit := noted["vcs.revision"]
	switch {
	case len(commit) < commitLength:
		return "unknown"
	case noted["vcs.modified"] == "true":
		return commit[:commitLength] + "+changes"
	}
	return commit[:commitLength]
}
