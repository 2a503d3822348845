package retry

import "bookring/backend"

// NeedsPrompt reports a keychain failure whose retry can show the user a prompt.
func NeedsPrompt(code backend.Code) bool {
	switch code {
	case backend.KeychainMissing, backend.KeychainLocked, backend.KeychainDismissed,
		backend.KeychainStuck, backend.KeychainFailed:
		return true
	}
	return false
}

// SharedFailure reports a failure that every other sign-in would meet too. A call without
// an answer in time may be the fate of a single sign-in.
func SharedFailure(f *backend.Failure) bool { return f != nil && Shared(f.Code) && !f.Slow }

// OfNetwork reports a failure of the network between this computer and Xero. Another network
// can end the failure at any moment.
func OfNetwork(code backend.Code) bool {
	switch code {
	case backend.RefusedOnTheWay, backend.ProxyPassword, backend.ForeignCertificate:
		return true
	}
	return code == backend.Offline || code == backend.NetworkSignIn
}

// away reports a failure without a question to Xero, so that a retry costs Xero nothing.
func away(f *backend.Failure) bool {
	return f.Code == backend.Offline && !f.Slow || f.Code == backend.NetworkSignIn
}

// Shared reports the code of a failure that every other sign-in would meet too. A refused
// client ID is not shared: sign-ins of one register can have different client IDs. Nor is
// KeychainTooBig: each sign-in has a token of its own length.
func Shared(code backend.Code) bool {
	switch code {
	case backend.ClockWrong, backend.XeroUnavailable, backend.XeroRateLimit,
		backend.DatabaseFull, backend.DatabaseBusy, backend.DatabaseFailed, backend.DatabaseReadOnly:
		return true
	}
	return NeedsPrompt(code) || OfNetwork(code)
}
