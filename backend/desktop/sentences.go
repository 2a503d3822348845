package desktop

import (
	"fmt"
	"runtime"
)

// This file holds the package's sentences for people. Sentences about failures
// stand in backend/failures.json.

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

// mailPlace completes the sentence of PageNotOpened.
const mailPlace = "a new message in your mail program"

func supportMail(version, code string) (subject, body string) {
	return "Bookring: " + code,
		fmt.Sprintf("What I was doing:\n\n\nWhat Bookring said: %s\nBookring %s, %s/%s\n", code, version, runtime.GOOS, runtime.GOARCH)
}
