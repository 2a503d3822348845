package simxero

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"
)

// envelope surrounds every answer of the accounting API.
type envelope struct {
	XMLName       xml.Name              `json:"-" xml:"Response"`
	ID            string                `json:"Id" xml:"Id"`
	Status        string                `json:"Status" xml:"Status"`
	ProviderName  string                `json:"ProviderName" xml:"ProviderName"`
	DateTimeUTC   string                `json:"DateTimeUTC" xml:"DateTimeUTC"`
	Organisations []organisationDetails `json:"Organisations" xml:"Organisations>Organisation"`
}

// organisationDetails are the fields of an organisation in Xero's order. What
// the documentation calls "shown if set" is absent when empty.
type organisationDetails struct {
	APIKey              string
	Name                string
	LegalName           string
	PaysTax             bool
	Version             string
	OrganisationType    string
	BaseCurrency        string
	CountryCode         string
	IsDemoCompany       bool
	OrganisationStatus  string
	RegistrationNumber  string `json:",omitempty" xml:",omitempty"`
	EmployerNumber      string `json:"EmployerIdentificationNumber,omitempty" xml:"EmployerIdentificationNumber,omitempty"`
	TaxNumber           string `json:",omitempty" xml:",omitempty"`
	FinancialYearEndDay int
	FinancialYearEnd    int    `json:"FinancialYearEndMonth" xml:"FinancialYearEndMonth"`
	SalesTaxBasis       string `json:",omitempty" xml:",omitempty"`
	SalesTaxPeriod      string `json:",omitempty" xml:",omitempty"`
	DefaultSalesTax     string
	DefaultPurchases    string `json:"DefaultPurchasesTax" xml:"DefaultPurchasesTax"`
	PeriodLockDate      string `json:",omitempty" xml:",omitempty"`
	EndOfYearLockDate   string `json:",omitempty" xml:",omitempty"`
	CreatedDateUTC      string
	EntityType          string `json:"OrganisationEntityType" xml:"OrganisationEntityType"`
	Timezone            string
	ShortCode           string
	OrganisationID      string
	Edition             string
	Class               string
	LineOfBusiness      string   `json:",omitempty" xml:",omitempty"`
	Addresses           []string `xml:"-"`
	Phones              []string `xml:"-"`
	ExternalLinks       []string `xml:"-"`
	PaymentTerms        struct{}
}

// details answers GET /api.xro/2.0/Organisation.
func (s *Server) details(r *http.Request) answer {
	a, refusal := s.bearer(r)
	if refusal != nil {
		return *refusal
	}
	if refusal := s.needScope(a, "accounting.settings", "accounting.settings.read"); refusal != nil {
		return *refusal
	}
	l := Link{a.grant.person, strings.ToLower(r.Header.Get("Xero-Tenant-Id")), a.grant.client}
	if s.state.connections[l] == nil || !s.state.reaches(l) {
		return s.apiError(http.StatusForbidden, "AuthenticationUnsuccessful")
	}
	client := s.state.clients[l.Client]
	header, refusal := s.limitOrganisation(client, l.Organisation)
	if refusal != nil {
		return *refusal
	}
	return s.write(r, client, s.state.organisations[l.Organisation]).
		withAll(header).with("xero-correlation-id", newGUID())
}

// write answers in JSON if the client accepts it, and in XML otherwise, which
// is what Xero does.
func (s *Server) write(r *http.Request, client *Client, o *Organisation) answer {
	asJSON := strings.Contains(strings.ToLower(r.Header.Get("Accept")), "application/json")
	dates := dateWriter{xml: !asJSON}
	e := envelope{
		ID: newGUID(), Status: "OK", ProviderName: client.Name, DateTimeUTC: dates.instant(s.now()),
		Organisations: []organisationDetails{describe(o, dates)},
	}
	if !asJSON {
		body, err := xml.Marshal(e)
		if err != nil {
			panic(err) // the fields are text and numbers
		}
		return newAnswer(http.StatusOK, "text/xml; charset=utf-8", append([]byte(xml.Header), body...))
	}
	a := jsonAnswer(http.StatusOK, e)
	if s.state.switches.EscapedSlashes {
		a.body = []byte(strings.NewReplacer(`"/Date(`, `"\/Date(`, `)/"`, `)\/"`).Replace(string(a.body)))
	}
	return a
}

func describe(o *Organisation, dates dateWriter) organisationDetails {
	return organisationDetails{
		APIKey: strings.ToUpper(fmt.Sprintf("%x", digest("api key", o.ID)))[:30],
		Name:   o.Name, LegalName: o.LegalName, PaysTax: o.TaxBasis != "", Version: o.Version,
		OrganisationType: o.Kind, EntityType: o.Kind, BaseCurrency: o.Currency, CountryCode: o.Country,
		IsDemoCompany: o.Demo, OrganisationStatus: "ACTIVE",
		RegistrationNumber: o.RegistrationNumber, EmployerNumber: o.EmployerNumber, TaxNumber: o.TaxNumber,
		FinancialYearEndDay: o.YearEndDay, FinancialYearEnd: o.YearEndMonth,
		SalesTaxBasis: o.TaxBasis, SalesTaxPeriod: o.TaxPeriod,
		DefaultSalesTax: "Tax Exclusive", DefaultPurchases: "Tax Exclusive",
		PeriodLockDate: dates.calendar(o.LockDate), EndOfYearLockDate: dates.calendar(o.YearEndLockDate),
		CreatedDateUTC: dates.instant(o.Created), Timezone: o.Timezone, ShortCode: o.ShortCode,
		OrganisationID: o.ID, Edition: "BUSINESS", Class: o.Plan, LineOfBusiness: o.LineOfBusiness,
		Addresses: []string{}, Phones: []string{}, ExternalLinks: []string{},
	}
}

// dateWriter writes dates. JSON has two forms of Microsoft's, which Xero mixes
// in one answer; XML has ISO 8601 without a zone.
type dateWriter struct{ xml bool }

func (d dateWriter) instant(t time.Time) string {
	if d.xml {
		return t.UTC().Format("2006-01-02T15:04:05.000")
	}
	return fmt.Sprintf("/Date(%d)/", t.UnixMilli())
}

func (d dateWriter) calendar(t time.Time) string {
	if t.IsZero() || d.xml {
		return strings.TrimPrefix(t.UTC().Format("2006-01-02T15:04:05"), "0001-01-01T00:00:00")
	}
	return fmt.Sprintf("/Date(%d+0000)/", t.UnixMilli())
}
