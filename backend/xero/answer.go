package xero

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
)

// answer reads the JSON of an answer as a stream, in memory for one entry only: a
// short answer can hold millions of empty entries.
type answer struct {
	*json.Decoder
	body *body
}

// body is at most MaxAnswer bytes of an HTTP body. Err is the first failed read.
type body struct {
	from io.Reader
	left int
	err  error
}

var errTooLong = fmt.Errorf("longer than %d bytes", MaxAnswer)

func (b *body) Read(p []byte) (int, error) {
	if b.left == 0 {
		b.err = errTooLong
		return 0, b.err
	}
	n, err := b.from.Read(p[:min(len(p), b.left)])
	b.left -= n
	if err != nil {
		b.err = err
	}
	return n, err
}

// newAnswer skips a byte order mark: RFC 8259 section 8.1 lets a reader ignore the
// mark.
func newAnswer(from io.Reader) *answer {
	b := &body{from: from, left: MaxAnswer + 1}
	text := bufio.NewReader(b)
	if mark, err := text.Peek(3); err == nil && string(mark) == "\ufeff" {
		_, _ = text.Discard(3)
	}
	return &answer{json.NewDecoder(text), b}
}

// lost reports a broken network, a timeout or a cancelled call, as opposed to an
// answer that was cut off or is too long.
func (a *answer) lost() bool {
	err := a.body.err
	return err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) && !errors.Is(err, errTooLong)
}

// enter reads the beginning of a list or an object.
func (a *answer) enter(delimiter json.Delim) error {
	token, err := a.Token()
	switch {
	case err != nil:
		return malformed(err)
	case token != delimiter:
		return fmt.Errorf("without %v", delimiter)
	}
	return nil
}

// leave reads the end of the list or object entered last.
func (a *answer) leave() error {
	if _, err := a.Token(); err != nil {
		return malformed(err)
	}
	return nil
}

// end fails if more follows.
func (a *answer) end() error {
	if _, err := a.Token(); !errors.Is(err, io.EOF) {
		return errors.New("with more behind the end")
	}
	return nil
}

// next reads the next entry of a list into v. Odd: the entry has another kind than v, and
// the next entry can be read.
func (a *answer) next(v any) (odd bool, err error) {
	err = a.Decode(v)
	if _, ok := errors.AsType[*json.UnmarshalTypeError](err); ok {
		return true, nil
	}
	if err != nil {
		return false, malformed(err)
	}
	return false, nil
}

// malformed returns an error without the text of err, because the text can quote the
// answer.
func malformed(err error) error { return fmt.Errorf("not the JSON that was asked for (%T)", err) }

// text is a JSON text. Every other kind of value reads as "".
type text string

func (t *text) UnmarshalJSON(value []byte) error {
	var s string
	if json.Unmarshal(value, &s) != nil {
		s = ""
	}
	*t = text(s)
	return nil
}
