package desktop

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"io"
	"path/filepath"
	"strconv"
	"strings"

	"bookring/backend"
)

// Environment is how this copy of the program was started.
type Environment struct {
	// Demo (-demo): made-up organisations at a simulated Xero.
	Demo bool
	// ClientID (BOOKRING_CLIENT_ID) is the practice's Xero app.
	ClientID string
	// RedirectPorts (BOOKRING_REDIRECT_PORTS, separated by commas) replace the
	// built-in ones; see [Environment.Ports].
	RedirectPorts string
	// DataDir (BOOKRING_DATA_DIR) replaces the usual folder.
	DataDir string
	// Discovery (BOOKRING_XERO_DISCOVERY) and API (BOOKRING_XERO_API) name a
	// test server. Setting one of them is enough to leave the real Xero.
	Discovery, API string
	// version (-version) and help (-help) ask for words instead of a window.
	version, help bool
}

// ReadEnvironment reads the arguments, without the program's name, and the
// settings, through get, usually os.Getenv. Arguments that are not ours are
// passed over: macOS adds some.
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

// TestServer returns the address of the test server that is set, or "".
func (e Environment) TestServer() string {
	if e.Discovery != "" {
		return e.Discovery
	}
	return e.API
}

// Ports returns the redirect ports that are set, or nil. Fails with
// PortsMalformed unless they are whole numbers from 1024 to 65535.
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

const demoFolder = "demo"

// Place names the data of one kind of Xero: "" for the real one, "demo", or a
// name of its own for each test server, so that they never meet.
func (e Environment) Place() string {
	if e.Demo {
		return demoFolder
	}
	if e.TestServer() == "" {
		return ""
	}
	return "test-" + digest(e.TestServer())
}

// Instance names a running copy: two with one name use the same data.
func (e Environment) Instance() string {
	folder := e.DataDir
	if folder != "" {
		folder, _ = filepath.Abs(folder)
	}
	return "bookring_" + digest(folder+"\n"+e.Place())
}

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return hex.EncodeToString(sum[:6])
}
