package stress_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"bookring/backend"
	"bookring/backend/simxero"
)

// alive reports, for each organisation, whether what the keyring holds for its
// person still is a sign-in: Xero itself is asked. What was asked about is
// used up, so nothing can follow it.
func (s *scene) alive() map[string]bool {
	s.t.Helper()
	alive := map[string]bool{}
	world := s.xero.World()
	for i, person := range world.People {
		key := backend.SignInKey{Issuer: s.xero.Issuer(), ClientID: simxero.DemoClientID, UserID: person.ID}
		var record struct {
			Refresh  string `json:"rt"`
			Previous string `json:"prev"`
		}
		_ = json.Unmarshal([]byte(s.ring.Item(key.String())), &record) // what is torn is lost
		alive[world.Organisations[i].Name] = s.renews(record.Refresh) || s.renews(record.Previous)
	}
	return alive
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
