package simxero_test

import (
	"slices"
	"strings"
	"testing"

	"bookring/backend/simxero"
)

func TestAWorldFillsEmptyFieldsWithDefaults(t *testing.T) {
	w := simxero.World{
		People:        []simxero.Person{{GivenName: "Ada"}, {GivenName: "Bo", Email: "ada@example.invalid"}},
		Organisations: []simxero.Organisation{{Name: "One"}, {Name: "Two", Country: "NO", Currency: "NOK"}},
	}
	a := start(t, w)
	full := a.server.World()
	ada, one, two := full.Person("Ada"), full.Organisation("One"), full.Organisation("Two")
	a.server.Demote(ada.ID, one.ID, simxero.Standard)
	a.server.Demote(ada.ID, two.ID, simxero.Adviser)
	v := a.server.Visitor()
	a.signIn(v, "Ada", "One")
	token := a.signIn(v, "Ada", "Two")
	same(t, "connected", a.names(token), []string{"One", "Two"})
	o := a.details(token, two.ID).organisation(t)
	same(t, "filled in", []any{o["CountryCode"], o["BaseCurrency"], o["Version"], o["FinancialYearEndMonth"]}, []any{"NO", "NOK", "GLOBAL", 12})
	same(t, "the world given to New", []string{w.Organisations[0].ID, w.People[0].ID}, []string{"", ""})
}

func TestServersShareNothing(t *testing.T) {
	w := simxero.Demo()
	a, b := start(t, w), start(t, w)
	a.signIn(a.server.Visitor(), "Jo Whitmore", "Calder Street Vets")
	a.server.Rename(w.Organisations[0].ID, "Renamed")
	same(t, "connections of the other server", b.names(b.renewable(b.server.Visitor())), []string(nil))
	same(t, "name at the other server", b.server.World().Organisations[0].Name, w.Organisations[0].Name)
}

func TestAFailedLookUpReturnsTheZeroValue(t *testing.T) {
	same(t, "person", simxero.Demo().Person("Unknown").ID, "")
	same(t, "organisation", simxero.Demo().Organisation("Unknown").ID, "")
}

func BenchmarkStartingAServer(b *testing.B) {
	for b.Loop() {
		s, err := simxero.New(simxero.Options{})
		if err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
}

// The demo used to show the periods of one country in another.
func TestTaxPeriodAndBasisAreTheCountrysOwn(t *testing.T) {
	global := "1MONTHLY 2MONTHLY 3MONTHLY 6MONTHLY ANNUALLY"
	periods := map[string]string{
		"AU": "MONTHLY QUARTERLY1 QUARTERLY2 QUARTERLY3 ANNUALLY", "GB": "MONTHLY QUARTERLY YEARLY",
		"NZ": "ONEMONTHS TWOMONTHS SIXMONTHS", "US": global, "IE": global,
	}
	bases := map[string]string{
		"AU": "CASH ACCRUALS", "GB": "CASH ACCRUAL FLATRATECASH FLATRATEACCRUAL", "NZ": "PAYMENTS INVOICE",
		"US": "CASH ACCRUALS", "IE": "CASH ACCRUALS",
	}
	for _, w := range []simxero.World{simxero.Demo(), simxero.LargeFirm()} {
		for _, o := range w.Organisations {
			for value, allowed := range map[string]string{o.TaxPeriod: periods[o.Country], o.TaxBasis: bases[o.Country]} {
				if value != "" && !slices.Contains(strings.Fields(allowed), value) {
					t.Errorf("%s in %s: %s", o.Name, o.Country, value)
				}
			}
		}
	}
}
