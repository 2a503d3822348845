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

// seal returns v, a struct with at least one field, as compact JSON. The last field
// is a checksum over all text before the checksum. The checksum detects items
// that a keychain exchanged, cut or prefixed with a warning; the checksum is no
// signature.
func seal(v any) string {
	text, err := json.Marshal(v)
	if err != nil {
		// A type or a time that JSON cannot represent. unseal rejects the
		// result, so the read after the write fails.
		return fmt.Sprintf("%T", v)
	}
	body := strings.TrimSuffix(string(text), "}")
	return body + sumField + sum(body) + `"}`
}

// unseal checks the checksum and, unless v is nil, decodes the other fields into v.
// The errors hold no part of the text.
func unseal(text string, v any) error {
	if len(text) < sumTail {
		return errors.New("the text is too short")
	}
	body := text[:len(text)-sumTail]
	if text != body+sumField+sum(body)+`"}` {
		return errors.New("the checksum is wrong")
	}
	if v == nil {
		return nil
	}
	if err := json.Unmarshal([]byte(body+"}"), v); err != nil {
		return errors.New("the text has another form")
	}
	return nil
}

func sum(body string) string {
	h := sha256.Sum256([]byte(body))
	return hex.EncodeToString(h[:sumBytes])
}

// filler returns n bytes that JSON and every keychain leave unchanged.
func filler(n int) string { return strings.Repeat("x", max(n, 0)) }
