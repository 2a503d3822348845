package desktop

import "fmt"

// helpText is the answer to -help, for a terminal of 80 columns.
const helpText = `Bookring connects the Xero organisations of many clients and keeps every
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

func versionText(version, commit string) string {
	return fmt.Sprintf("Bookring %s (commit %s)\n", version, commit)
}
