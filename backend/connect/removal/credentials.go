package removal

import (
	"context"
	"slices"
	"strings"

	"bookring/backend"
	"bookring/backend/connect/retry"
)

// all returns every sign-in of the register or of the keychain, and the keychain's
// keys. The error is the keychain's; the register's sign-ins come all the same.
func (r *Removal) all(ctx context.Context) (all []backend.ReachableOrganisations, keys []backend.SignInKey, err error) {
	all, err = r.Register.Reachable(ctx)
	if err != nil {
		r.warn(err) // an unreadable register stops no removal
	}
	keys, err = r.keys(ctx, all)
	for _, key := range keys {
		known := func(s backend.ReachableOrganisations) bool { return s.SignIn.SignInKey == key }
		if !slices.ContainsFunc(all, known) {
			all = append(all, backend.ReachableOrganisations{SignIn: backend.SignIn{SignInKey: key}})
		}
	}
	return all, keys, err
}

// keys returns the keys of the data to remove. A damaged index is no failure: the keychain
// is emptied later.
func (r *Removal) keys(ctx context.Context, all []backend.ReachableOrganisations) ([]backend.SignInKey, error) {
	keys, _, err := r.SignIns.Keys(ctx)
	return slices.DeleteFunc(keys, func(key backend.SignInKey) bool { return !r.belongs(key, all) }), err
}

// belongs reports a sign-in of the data to remove: every sign-in of the real data. Test
// servers share a keychain, and the removal of one server's data spares the others (the
// issuer is the beginning of the discovery document's address, OpenID Connect Discovery
// 1.0 section 4).
func (r *Removal) belongs(key backend.SignInKey, all []backend.ReachableOrganisations) bool {
	if r.TestServer == "" || strings.HasPrefix(r.TestServer, strings.TrimSuffix(key.Issuer, "/")+"/") {
		return true
	}
	return slices.ContainsFunc(all, func(s backend.ReachableOrganisations) bool { return s.SignIn.Issuer == key.Issuer })
}

// deleteCredentials deletes the credential of every sign-in, one after the other, and then
// the rest of the keychain, the index last. It returns the sign-ins with a remaining
// credential. After a failure with a prompt no further credential is tried.
func (r *Removal) deleteCredentials(ctx context.Context, all []backend.ReachableOrganisations, keys []backend.SignInKey) (undeleted []UndeletedCredential) {
	r.SignIns.EmptySession(ctx)
	var shared backend.Code
	for _, s := range all {
		code := shared
		if code == "" {
			code = r.deleteCredential(ctx, s.SignIn.SignInKey)
		}
		listed := slices.Contains(keys, s.SignIn.SignInKey)
		switch {
		case code == "" && listed:
			r.mu.Lock()
			r.receipt.Credentials++
			r.mu.Unlock()
		case code != "" && (listed || !s.Ended):
			undeleted = append(undeleted, UndeletedCredential{Person: s.SignIn.Name, Code: code})
		}
		if retry.NeedsPrompt(code) {
			shared = code
		}
	}
	if len(undeleted) > 0 {
		return undeleted
	}
	return r.emptyKeychains(ctx, all)
}

func (r *Removal) deleteCredential(ctx context.Context, key backend.SignInKey) backend.Code {
	err := r.SignIns.Delete(ctx, key)
	if err != nil {
		r.warn(err)
	}
	return backend.CodeOf(err)
}

// emptyKeychains deletes the items missing in the index. A keychain shared with other test
// servers is left alone.
func (r *Removal) emptyKeychains(ctx context.Context, all []backend.ReachableOrganisations) []UndeletedCredential {
	var empties []func(context.Context) error
	if !r.sharesKeychain(ctx, all) {
		empties = append(empties, r.SignIns.Empty)
	}
	if r.TestKeychain != nil {
		empties = append(empties, r.TestKeychain.Empty)
	}
	for _, empty := range empties {
		if err := empty(ctx); err != nil {
			r.warn(err)
			return []UndeletedCredential{{Code: backend.AsFailure(err).Code}}
		}
	}
	return nil
}

// sharesKeychain reports credentials of another test server in the keychain, or an index
// too damaged to tell.
func (r *Removal) sharesKeychain(ctx context.Context, all []backend.ReachableOrganisations) bool {
	if r.TestServer == "" {
		return false
	}
	keys, damaged, err := r.SignIns.Keys(ctx)
	return err != nil || damaged || slices.ContainsFunc(keys, func(key backend.SignInKey) bool { return !r.belongs(key, all) })
}
