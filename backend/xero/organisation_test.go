package xero_test

import (
	"net/http"
	"strings"
	"testing"

	"bookring/backend"
	"bookring/backend/xero"
)

// A shortened answer in Xero's documented form.
const envelope = `{"Id":"f33f0d9c-d6d4-4f3e-8a8c-7e2b1a6f2e11","Status":"OK","ProviderName":"Bookring","DateTimeUTC":"\/Date(1552404447003)\/",
"Organisations":[{"OrganisationID":"fe79f7dd-b6d4-4a92-ba7b-538af6289c58","Name":"Demo Company (NZ)","CountryCode":"NZ","BaseCurrency":"NZD",
"PeriodLockDate":"/Date(1546214400000+0000)/","PaysTax":true,"Addresses":[],"PaymentTerms":{}}]}`

func TestDetailsReadsCountryAndCurrency(t *testing.T) {
	cases := []struct {
		name, answer, country, currency string
	}{
		{"as Xero documents it", envelope, "NZ", "NZD"},
		{"keys in lower case", `{"organisations":[{"countrycode":"GB","basecurrency":"GBP"}]}`, "GB", "GBP"},
		{"an id in capitals", `{"Organisations":[{"OrganisationID":"FE79F7DD-B6D4-4A92-BA7B-538AF6289C58","CountryCode":"AU"}]}`, "AU", ""},
		{"absent", `{"Organisations":[{"Name":"x"}]}`, "", ""},
		{"a country that is a number", `{"Organisations":[{"CountryCode":64,"BaseCurrency":"NZD"}]}`, "", "NZD"},
		{"an object for a currency", `{"Organisations":[{"CountryCode":"NZ","BaseCurrency":{"Code":"NZD"}}]}`, "NZ", ""},
		{"an envelope of odd kinds", `{"Id":1,"Status":[],"DateTimeUTC":{},"Organisations":[{"CountryCode":"NZ"}]}`, "NZ", ""},
		{"the organisation beside another", `{"Organisations":[{"OrganisationID":"00000000-0000-0000-0000-000000000000","CountryCode":"GB"},` +
			`{"OrganisationID":"fe79f7dd-b6d4-4a92-ba7b-538af6289c58","CountryCode":"NZ"}]}`, "NZ", ""},
		{"null and a number beside the organisation", `{"Organisations":[null,1,{"CountryCode":"NZ"}]}`, "NZ", ""},
		{"a byte order mark", "\ufeff" + `{"Organisations":[{"CountryCode":"NZ"}]}`, "NZ", ""},
		{"a name of a megabyte", `{"Organisations":[{"Name":"` + strings.Repeat("n", 1<<20) + `","CountryCode":"NZ"}]}`, "NZ", ""},
		{"an unknown class and dates of every form", `{"Organisations":[{"Class":"NEW","EndOfYearLockDate":"/Date(1)/",` +
			`"PeriodLockDate":"2026-01-01","CreatedDateUTC":7,"CountryCode":"NZ"}]}`, "NZ", ""},
		{"null", `{"Organisations":[{"CountryCode":null,"BaseCurrency":null}]}`, "", ""},
		{"small letters", `{"Organisations":[{"CountryCode":"nz","BaseCurrency":"nzd"}]}`, "", ""},
		{"too long", `{"Organisations":[{"CountryCode":"NZL","BaseCurrency":"NZDX"}]}`, "", ""},
		{"markup", `{"Organisations":[{"CountryCode":"<b>","BaseCurrency":"<i>"}]}`, "", ""},
		{"white space", `{"Organisations":[{"CountryCode":"N ","BaseCurrency":" NZ"}]}`, "", ""},
		{"controls", `{"Organisations":[{"CountryCode":"\u0000\u0001","BaseCurrency":"\u202e"}]}`, "", ""},
		{"letters of another alphabet", `{"Organisations":[{"CountryCode":"Ā","BaseCurrency":"ŅZ"}]}`, "", ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			d, err := client(t, body("application/json", c.answer)).Details(t.Context(), token, organisation)
			if want := (backend.Details{Country: c.country, Currency: c.currency}); err != nil || d != want {
				t.Errorf("%+v, %v, want %+v", d, err, want)
			}
		})
	}
}

func TestSettingsOfAnotherOrganisationAreRefused(t *testing.T) {
	for _, answer := range []string{
		strings.Replace(envelope, organisation, "00000000-0000-0000-0000-000000000000", 1),
		`{"Organisations":[{"OrganisationID":"` + canary + `"}]}`,
		`{"Organisations":[]}`, `{"Organisations":null}`, `{"Status":"OK"}`, `{"Organisations":[{},{}]}`,
		`{"Organisations":{}}`, `[]`, `{"Organisations":[null]}`, `{"Organisations":[{"CountryCode":"NZ"}`,
	} {
		_, err := client(t, body("application/json", answer)).Details(t.Context(), token, organisation)
		fails(t, backend.XeroUnreadable, err)
	}
}

func TestDetailsSendsOnlyAnOrganisationID(t *testing.T) {
	c := &xero.Client{Base: xero.Address, HTTP: &http.Client{Transport: transport(func(*http.Request) (*http.Response, error) {
		t.Error("a request left")
		return nil, http.ErrHandlerTimeout
	})}}
	for _, id := range []string{"", "../connections", organisation + "\r\nX-Evil: 1", strings.Repeat("a", 36)} {
		_, err := c.Details(t.Context(), token, id)
		fails(t, backend.Unexpected, err)
	}
}

func FuzzDetails(f *testing.F) {
	for _, seed := range []string{
		envelope, `{"Organisations":[{}]}`, `{"Organisations":[{"CountryCode":"ÅÅ"}]}`, `{}`, `null`, `[]`, `{"Organisations":[{}]}{`, "\xff",
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, answer []byte) {
		d, err := canned(answer).Details(t.Context(), token, organisation)
		if err != nil {
			fails(t, backend.XeroUnreadable, err)
			return
		}
		capitals := strings.Trim(d.Country+d.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
		if !capitals || len(d.Country) != 0 && len(d.Country) != 2 || len(d.Currency) != 0 && len(d.Currency) != 3 {
			t.Errorf("%+q", d)
		}
	})
}
