package api

import (
	"encoding/xml"
	"fmt"
	"net/http"
	"strings"
	"time"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

// envelope is the outer object of every answer of the accounting API.
type envelope struct {
	XMLName       xml.Name              `json:"-" xml:"Response"`
	ID            string                `json:"Id" xml:"Id"`
	Status        string                `json:"Status" xml:"Status"`
	ProviderName  string                `json:"ProviderName" xml:"ProviderName"`
	DateTimeUTC   string                `json:"DateTimeUTC" xml:"DateTimeUTC"`
	Organisations []organisationDetails `json:"Organisations" xml:"Organisations>Organisation"`
}

// organisationDetails holds the fields of an organisation in Xero's order. A field "shown if set" in Xero's
// documentation is absent when empty.
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

// Organisation answers GET /api.xro/2.0/Organisation.
func (a *API) Organisation(r *http.Request) answer.Answer {
	c, refusal := a.issuer.Bearer(r)
	if refusal != nil {
		return *refusal
	}
	if refusal := a.needScope(c, "accounting.settings", "accounting.settings.read"); refusal != nil {
		return *refusal
	}
	l := world.Link{Person: c.Person, Organisation: strings.ToLower(r.Header.Get("Xero-Tenant-Id")), Client: c.Client}
	if !a.state.Reaches(l) {
		return *a.refuse(http.StatusForbidden, "AuthenticationUnsuccessful", nil)
	}
	client := a.state.Clients[l.Client]
	header, refusal := a.limitOrganisation(client, l.Organisation)
	if refusal != nil {
		return *refusal
	}
	return a.write(r, client, a.state.Organisations[l.Organisation]).
		WithAll(header).With("xero-correlation-id", world.NewGUID())
}

// write encodes an organisation as JSON if the client accepts JSON. The default is XML, as at Xero.
func (a *API) write(r *http.Request, client *world.Client, o *world.Organisation) answer.Answer {
	asJSON := strings.Contains(strings.ToLower(r.Header.Get("Accept")), "application/json")
	dates := dateWriter{xml: !asJSON}
	e := envelope{
		ID: world.NewGUID(), Status: "OK", ProviderName: client.Name, DateTimeUTC: dates.instant(a.state.Now()),
		Organisations: []organisationDetails{describe(o, dates)},
	}
	if !asJSON {
		body, err := xml.Marshal(e)
		if err != nil {
			panic(err) // the fields hold only texts and numbers
		}
		return answer.New(http.StatusOK, "text/xml; charset=utf-8", append([]byte(xml.Header), body...))
	}
	result := answer.JSON(http.StatusOK, e)
	if a.state.Switches.EscapedSlashes {
		result.Body = []byte(strings.NewReplacer(`"/Date(`, `"\/Date(`, `)/"`, `)\/"`).Replace(string(result.Body)))
	}
	return result
}

func describe(o *world.Organisation, dates dateWriter) organisationDetails {
	return organisationDetails{
		APIKey: strings.ToUpper(fmt.Sprintf("%x", world.Digest("api key", o.ID)))[:30],
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

// dateWriter formats dates. Xero's JSON mixes Microsoft's two date formats in one answer. The XML has ISO 8601
// without a zone.
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
