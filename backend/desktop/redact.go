package desktop

import "regexp"

const redacted = "[redacted]"

// secrets are the patterns of secrets, in the order of replacement.
var secrets = []*regexp.Regexp{
	// The name of a secret in a query, form, JSON or printed Go value, and all
	// following text: the end of a value is too easy to miss.
	regexp.MustCompile(`(?is)(code|state|nonce|verifier|secret|password|assertion)(["'\\]+\s*:|\s*=|:\S|%3D).*`),
	regexp.MustCompile(`(?is)((refresh|access|id)_token|bearer\s|basic\s).*`),
	// An e-mail address, or a password in an address.
	regexp.MustCompile(`(?i)\S*(@|%40)\S*`),
	// A JSON Web Token (RFC 7519) begins with {" in base64url.
	regexp.MustCompile(`[\w+-]*eyJ[\w.+-]*`),
	// Any other long run of base64, base64url or hexadecimal.
	regexp.MustCompile(`[\w+-]{40,}=*`),
}

// Redact replaces secrets and e-mail addresses: tokens, codes, states, and long
// runs of base64 or hexadecimal. In doubt Redact replaces too much.
func Redact(s string) string {
	for _, secret := range secrets {
		s = secret.ReplaceAllString(s, redacted)
	}
	return s
}
