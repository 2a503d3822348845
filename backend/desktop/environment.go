package desktop

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"io"
	"strconv"
	"strings"

	"bookring/backend"
	"bookring/backend/desktop/datafolder"
)

// Environment is the configuration of one copy of the program, from arguments
// and environment variables.
type Environment struct {
	// Demo (-demo) selects made-up organisations at a simulated Xero.
	Demo bool
	// ClientID (BOOKRING_CLIENT_ID) identifies the practice's Xero app.
	ClientID string
	// RedirectPorts (BOOKRING_REDIRECT_PORTS, separated by commas) replaces the
	// built-in ports; see [Environment.Ports].
	RedirectPorts string
	// DataDir (BOOKRING_DATA_DIR) replaces the default base folder.
	DataDir string
	// Discovery (BOOKRING_XERO_DISCOVERY) and API (BOOKRING_XERO_API) name a
	// test server. Either setting disables the real Xero.
	Discovery, API string
	// version (-version) and help (-help) request text instead of a window.
	version, help bool
}

// ReadEnvironment reads the arguments, without the program's name, and the
// variables through get, usually os.Getenv. Unknown arguments are ignored,
// because macOS adds arguments.
func ReadEnvironment(args []string, get func(string) string) Environment {
	flags := flag.NewFlagSet("bookring", flag.ContinueOnError)
	flags.SetOutput(io.Discard)
	demo := flags.Bool("demo", false, "")
	version := flags.Bool("version", false, "")
	help := flags.Bool("help", false, "")
	flags.BoolVar(help, "h", false, "")
	_ = flags.Parse(args)
	read := func(name string) string { return strings.TrimSpace(get(name)) }
	return Environment{
		Demo:          *demo,
		ClientID:      read("BOOKRING_CLIENT_ID"),
		RedirectPorts: read("BOOKRING_REDIRECT_PORTS"),
		DataDir:       read("BOOKRING_DATA_DIR"),
		Discovery:     read("BOOKRING_XERO_DISCOVERY"),
		API:           read("BOOKRING_XERO_API"),
		version:       *version,
		help:          *help,
	}
}

// VersionOrHelp returns the text requested with -help or -version, otherwise "".
func (e Environment) VersionOrHelp(version, commit string) string {
	switch {
	case e.help:
		return helpText
	case e.version:
		return versionText(version, commit)
	}
	return ""
}

// TestServer returns the address of the configured test server, or "".
func (e Environment) TestServer() string {
	return cmp.Or(e.Discovery, e.API)
}

// Ports returns the configured redirect ports, or nil. Error: PortsMalformed
// unless every port is a whole number from 1024 to 65535.
func (e Environment) Ports() ([]int, error) {
	if e.RedirectPorts == "" {
		return nil, nil
	}
	var ports []int
	for field := range strings.SplitSeq(e.RedirectPorts, ",") {
		port, err := strconv.Atoi(strings.TrimSpace(field))
		if err != nil || port < 1024 || port > 65535 {
			return nil, backend.Fail(backend.PortsMalformed, backend.PlainText(e.RedirectPorts), nil)
		}
		ports = append(ports, port)
	}
	return ports, nil
}

// subfolder returns the data set's folder below the base folder: "" for the real
// data, "demo", or a different name for each test server.
func (e Environment) subfolder() string {
	if e.Demo {
		return datafolder.DemoFolder
	}
	if e.TestServer() == "" {
		return ""
	}
	return "test-" + digest(e.TestServer())
}

// instanceID is equal for two copies of the program with the same data set.
func (e Environment) instanceID() string {
	folder := e.DataDir
	if folder != "" {
		folder, _ = datafolder.Absolute(folder)
	}
	return "bookring_" + digest(folder+"\n"+e.subfolder())
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}
