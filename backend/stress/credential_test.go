package stress_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"bookring/backend/rig"
	"bookring/backend/simxero"
)

// renewable reports for each organisation whether Xero renews the sign-in of the
// user with a token in the keyring. The copies cannot renew afterwards, because
// renewable uses up the tokens.
func (s *scene) renewable() map[string]bool {
	s.t.Helper()
	renewable := map[string]bool{}
	world := s.xero.World()
	for i, user := range world.People {
		var credential struct {
			Refresh  string `json:"rt"`
			Previous string `json:"prev"`
		}
		item := s.ring.Item(rig.Key(s.xero, user).String())
		_ = json.Unmarshal([]byte(item), &credential) // a damaged credential has no tokens
		renewable[world.Organisations[i].Name] = s.renews(credential.Refresh) || s.renews(credential.Previous)
	}
	return renewable
}

func (s *scene) renews(refresh string) bool {
	s.t.Helper()
	form := url.Values{"grant_type": {"refresh_token"}, "client_id": {simxero.DemoClientID}, "refresh_token": {refresh}}
	req, err := http.NewRequestWithContext(s.t.Context(), http.MethodPost, s.xero.Issuer()+"/connect/token", strings.NewReader(form.Encode()))
	must(s.t, err)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	resp, err := http.DefaultClient.Do(req)
	must(s.t, err)
	must(s.t, resp.Body.Close())
	return resp.StatusCode == http.StatusOK
}
