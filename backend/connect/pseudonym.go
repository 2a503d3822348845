package connect

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"sync"

	"bookring/backend"
)

const settingLogKey = "log-key"

// pseudonyms names sign-ins in the log: the same name in every line on this computer, and
// the name of no person. The secret behind the names is made once and stored as a setting.
type pseudonyms struct {
	secret func() string
}

func newPseudonyms(store settingStore) pseudonyms {
	return pseudonyms{secret: sync.OnceValue(func() string {
		ctx := context.Background()
		secret, err := store.Setting(ctx, settingLogKey)
		if err == nil && secret == "" {
			secret = rand.Text()
			err = store.SaveSetting(ctx, settingLogKey, secret)
		}
		if err != nil {
			return rand.Text() // until the program's end
		}
		return secret
	})}
}

func (p pseudonyms) of(key backend.SignInKey) string {
	sum := sha256.Sum256([]byte(p.secret() + key.String()))
	return hex.EncodeToString(sum[:4])
}
