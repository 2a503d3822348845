package record

import (
	"strconv"
	"sync"

	"bookring/backend"
)

// partFailure returns XeroPartlyRead for a list that was not understood whole. The detail
// tells the part.
func partFailure(p backend.Part) *backend.Failure {
	odd, entries := strconv.Itoa(p.Odd), strconv.Itoa(p.Entries)
	detail := backend.Say.Part.Odd.With(odd, entries)
	switch {
	case p.Odd == 0:
		detail = backend.Say.Part.Cut.With(entries)
	case p.Cut:
		detail = backend.Say.Part.OddAndCut.With(odd, entries)
	}
	return backend.Fail(backend.XeroPartlyRead, detail, nil)
}

// parts holds how much of the last recorded list of a sign-in was understood.
type parts struct {
	mu    sync.Mutex
	parts map[backend.SignInKey]backend.Part
}

func (p *parts) set(key backend.SignInKey, part backend.Part) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.parts == nil {
		p.parts = map[backend.SignInKey]backend.Part{}
	}
	p.parts[key] = part
}

// Part tells how much of the last list of a sign-in was understood, in this run of the
// program.
func (p *parts) Part(key backend.SignInKey) backend.Part {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.parts[key]
}
