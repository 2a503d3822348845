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
// the name of no person. The salt of the names is made once and stored as a setting.
type pseudonyms struct {
	salt func() string
}

func newPseudonyms(store settingStore) pseudonyms {
	return pseudonyms{salt: sync.OnceValue(func() string {
		ctx := context.Background()
		salt, err := store.Setting(ctx, settingLogKey)
		if err == nil && salt == "" {
			salt = rand.Text()
			err = store.SaveSetting(ctx, settingLogKey, salt)
		}
		if err != nil {
			return rand.Text() // until the program's end
		}
		return salt
	})}
}

func (p pseudonyms) of(key backend.SignInKey) string {
	sum := sha256.Sum256([]byte(p.salt() + key.String()))
	return hex.EncodeToString(sum[:4])
}
