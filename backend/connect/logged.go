package connect

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"time"

	"bookring/backend"
)

const settingLogKey = "log-key"

// logName is how the log calls a sign-in: the same in every line of this
// computer, and nothing that names anybody. The key that makes it so is made
// once and kept with the settings.
func (c *Connector) logName(key backend.SignInKey) string {
	c.naming.Do(func() {
		ctx := context.Background()
		secret, err := c.Register.Setting(ctx, settingLogKey)
		if err == nil && secret == "" {
			secret = rand.Text()
			err = c.Register.SaveSetting(ctx, settingLogKey, secret)
		}
		if err != nil {
			secret = rand.Text() // good until the program ends
		}
		c.logKey = secret
	})
	sum := sha256.Sum256([]byte(c.logKey + key.String()))
	return hex.EncodeToString(sum[:4])
}

// logCheck logs the beginning of a check, and returns how to log its end after
// so many sign-ins. One that only tries again what is in trouble already, every
// minute perhaps, is not worth a line: what changes by it has one.
func (c *Connector) logCheck(signIns []backend.SignIn, quietly bool) (ended func(done int, err error)) {
	for _, s := range signIns {
		if !quietly || s.Trouble == "" {
			began := c.Now()
			c.Log.Info("check begun", "total", len(signIns), "asked", !quietly)
			return func(done int, err error) {
				c.Log.Info("check ended", "done", done, "total", len(signIns), "took", c.Now().Sub(began), "code", codeOf(err))
			}
		}
	}
	return func(int, error) {}
}

// logRenewal logs a renewal, by the generation of the token that was presented,
// unless it failed as it did before.
func (c *Connector) logRenewal(s backend.SignIn, generation int, took time.Duration, err error) {
	if err == nil || codeOf(err) != s.Trouble {
		c.Log.Info("renewal", "signin", c.logName(s.SignInKey), "generation", generation, "took", took, "code", codeOf(err))
	}
}

// codeOf is what the log says of how something ended; "" is well.
func codeOf(err error) backend.Code {
	if err == nil {
		return ""
	}
	if errors.Is(err, context.Canceled) {
		return backend.Cancelled
	}
	return backend.AsFailure(err).Code
}
