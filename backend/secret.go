package backend

import (
	"crypto/subtle"
	"fmt"
	"io"
	"log/slog"
)

const redacted = "[secret]"

// Secret holds a token that fmt, log/slog and encoders cannot show. Only
// [Secret.Reveal] returns the value. The zero Secret is empty.
//
// The field is a pointer because fmt prints unexported fields of a struct
// without calling methods, and prints only the address of a nested pointer.
type Secret struct{ value *string }

// NewSecret returns a Secret that holds value.
func NewSecret(value string) Secret {
	if value == "" {
		return Secret{}
	}
	return Secret{&value}
}

// Reveal returns the value. Only code that sends the value to Xero or saves the
// value in the keychain may call Reveal.
func (s Secret) Reveal() string {
	if s.value == nil {
		return ""
	}
	return *s.value
}

// Len returns the length of the value in bytes.
func (s Secret) Len() int { return len(s.Reveal()) }

// IsZero reports whether the Secret is empty.
func (s Secret) IsZero() bool { return s.value == nil }

// Equal reports in constant time whether two Secrets hold the same value.
func (s Secret) Equal(other Secret) bool {
	return subtle.ConstantTimeCompare([]byte(s.Reveal()), []byte(other.Reveal())) == 1
}

// Format hides the value from every verb of fmt.
func (s Secret) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, redacted) }

// String hides the value.
func (s Secret) String() string { return redacted }

// LogValue hides the value from log/slog.
func (s Secret) LogValue() slog.Value { return slog.StringValue(redacted) }

// MarshalText hides the value from encoding/json and other text encoders.
func (s Secret) MarshalText() ([]byte, error) { return []byte(redacted), nil }
