package keychain

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
)

const (
	sumBytes = 16
	sumField = `,"sum":"`
	sumTail  = len(sumField) + 2*sumBytes + len(`"}`)
)

// seal returns v, a struct with at least one field, as compact JSON whose last
// field is a checksum over all text before it. It detects what a keychain
// mixed up, cut off or returned with a warning in front; it is no signature.
func seal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		// Only a type or a time that JSON cannot hold, and then nothing is
		// worth sealing: what comes out can never be unsealed.
		return fmt.Sprintf("%T", v)
	}
	body := strings.TrimSuffix(string(text), "}")
	return body + sumField + sum(body) + `"}`
}

// unseal checks the checksum and, unless v is nil, reads the rest into v. Its
// errors hold nothing of the text.
func unseal(text string, v any) error {
	if len(text) < sumTail {
		return errors.New("it is too short")
	}
	body := text[:len(text)-sumTail]
	if text != body+sumField+sum(body)+`"}` {
		return errors.New("its checksum is wrong")
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal([]byte(body+"}"), v); err != nil {
		return errors.New("it has another form")
	}
	return nil
}

func sum(body string) string {
	h := sha256.Sum256([]byte(body))
	return hex.EncodeToString(h[:sumBytes])
}

// filler returns n bytes that JSON and every keychain keep as they are.
func filler(n int) string { return strings.Repeat("x", max(n, 0)) }
