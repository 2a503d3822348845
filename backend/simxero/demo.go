package simxero

import (
	"fmt"
	"time"
)

// DemoClientID is the client ID in the worlds of [Demo], [Named] and [LargeFirm].
const DemoClientID = "0DE30B00C81A5E00A11C0DE5CA1AB1E5"

// Demo returns the world of the demo: a small practice with twelve client organisations in five countries, and three
// users. Jo Whitmore reaches all organisations, Sam Adeyemi some, and Aroha Ngata the New Zealand organisations. Every
// call returns the same IDs.
func Demo() World {
	w := World{
		People: []Person{
			{GivenName: "Jo", FamilyName: "Whitmore", Email: "jo@penrose.example"},
			{GivenName: "Sam", FamilyName: "Adeyemi", Email: "sam@penrose.example"},
			{GivenName: "Aroha", FamilyName: "Ngata", Email: "aroha@penrose.example"},
		},
		Organisations: demoOrganisations(),
		Clients:       []Client{{ID: DemoClientID, Name: "Bookring", Connections: 50}},
	}
	w = w.Complete()
	jo, sam, aroha := w.People[0].ID, w.People[1].ID, w.People[2].ID
	for i, o := range w.Organisations {
		w.SetRole(jo, o.ID, Adviser)
		switch i % 3 {
		case 0:
			w.SetRole(sam, o.ID, Standard)
		case 1:
			w.SetRole(sam, o.ID, ReadOnly)
		}
		if o.Country == "NZ" {
			w.SetRole(aroha, o.ID, Adviser)
		}
	}
	return w
}

func demoOrganisations() []Organisation {
	return []Organisation{
		{
			Name: "Abernathy & Sons Builders", LegalName: "Abernathy & Sons Builders Limited", Country: "GB",
			YearEndDay: 30, YearEndMonth: 4, LockDate: day(2026, 7, 31), YearEndLockDate: day(2025, 4, 30),
			TaxNumber: "GB 318 4471 09", TaxBasis: "CASH", TaxPeriod: "QUARTERLY", RegistrationNumber: "04418823",
			LineOfBusiness: "Residential building", Plan: "PREMIUM",
		},
		{
			Name: "Bright Fern Nurseries", LegalName: "Bright Fern Nurseries Limited", Country: "NZ",
			YearEndDay: 31, YearEndMonth: 3, LockDate: day(2026, 9, 30), YearEndLockDate: day(2026, 3, 31),
			TaxNumber: "094-227-615", TaxBasis: "PAYMENTS", TaxPeriod: "SIXMONTHS", RegistrationNumber: "3381902",
			LineOfBusiness: "Plant nursery", Plan: "GROW",
		},
		{
			Name: "Calder Street Vets", LegalName: "Calder Street Veterinary Practice LLP", Country: "GB", Kind: "PARTNERSHIP",
			YearEndDay: 31, YearEndMonth: 12, LockDate: day(2026, 9, 30),
			TaxNumber: "GB 902 1176 44", TaxBasis: "ACCRUAL", TaxPeriod: "MONTHLY", Plan: "ULTIMATE_10",
		},
		{
			Name: "Dunes Surf School", LegalName: "Dunes Surf School Pty Ltd", Country: "AU",
			YearEndDay: 30, YearEndMonth: 6, RegistrationNumber: "51 824 753 556", Plan: "IGNITE",
			LineOfBusiness: "Sports instruction",
		},
		{
			Name: "Eastgate Optometry", LegalName: "Eastgate Optometry LLC", Country: "US", Kind: "LLC",
			YearEndDay: 31, YearEndMonth: 12, LockDate: day(2026, 10, 31), YearEndLockDate: day(2025, 12, 31),
			EmployerNumber: "84-2291073", TaxBasis: "ACCRUALS", TaxPeriod: "3MONTHLY", Plan: "GROW",
		},
		{
			Name: "Fjord Analytics Ltd", Country: "GB",
			YearEndDay: 31, YearEndMonth: 1, LockDate: day(2026, 8, 31), YearEndLockDate: day(2026, 1, 31),
			TaxNumber: "GB 440 8820 31", TaxBasis: "FLATRATECASH", TaxPeriod: "QUARTERLY", Plan: "SIMPLE",
		},
		{
			Name: "Granary Bakehouse", LegalName: "The Granary Bakehouse (Ludlow) Limited", Country: "GB",
			YearEndDay: 31, YearEndMonth: 3, LockDate: day(2026, 9, 30), YearEndLockDate: day(2026, 3, 31),
			TaxNumber: "GB 771 5093 62", TaxBasis: "CASH", TaxPeriod: "QUARTERLY", LineOfBusiness: "Bakery",
		},
		{
			Name: "Kererū Joinery Ltd", Country: "NZ",
			YearEndDay: 31, YearEndMonth: 3, LockDate: day(2026, 8, 31), YearEndLockDate: day(2026, 3, 31),
			TaxNumber: "112-580-334", TaxBasis: "INVOICE", TaxPeriod: "TWOMONTHS", Plan: "COMPREHENSIVE",
		},
		{
			Name: "Northlight Dental", LegalName: "Northlight Dental Pty Ltd", Country: "AU",
			YearEndDay: 30, YearEndMonth: 6, LockDate: day(2026, 9, 30), YearEndLockDate: day(2026, 6, 30),
			TaxNumber: "83 914 571 673", TaxBasis: "CASH", TaxPeriod: "QUARTERLY1", Plan: "ULTIMATE",
		},
		{
			Name: "Ó Briain Physiotherapy", LegalName: "Ó Briain Physiotherapy Limited", Country: "IE",
			YearEndDay: 31, YearEndMonth: 10, LockDate: day(2026, 8, 31), YearEndLockDate: day(2025, 10, 31),
			TaxNumber: "IE 3628147LH", TaxBasis: "ACCRUALS", TaxPeriod: "2MONTHLY", Plan: "GROW",
		},
		{
			Name: "Prairie Wind Roofing Inc", Country: "US", Kind: "S_CORPORATION", Timezone: "CENTRALSTANDARDTIME",
			YearEndDay: 30, YearEndMonth: 9, YearEndLockDate: day(2025, 9, 30),
			EmployerNumber: "47-5510238", TaxBasis: "CASH", TaxPeriod: "1MONTHLY", Plan: "STARTER",
		},
		{
			Name: "Demo Company (NZ)", Country: "NZ", Demo: true, Plan: "DEMO",
			YearEndDay: 31, YearEndMonth: 3, LockDate: day(2025, 12, 31),
			TaxNumber: "101-202-303", TaxBasis: "PAYMENTS", TaxPeriod: "SIXMONTHS",
		},
	}
}

// Named returns a world with an organisation for each name, in the given order. Jo Whitmore is Adviser in all
// organisations. The client may connect any number of organisations, also several at once. Any text is a valid name.
func Named(names ...string) World {
	w := World{
		People:  []Person{{GivenName: "Jo", FamilyName: "Whitmore", Email: "jo@penrose.example"}},
		Clients: []Client{{ID: DemoClientID, Name: "Bookring", Connections: 1_000_000, Bulk: true, Certified: true}},
	}
	for _, name := range names {
		w.Organisations = append(w.Organisations, Organisation{Name: name})
	}
	w = w.Complete()
	for _, o := range w.Organisations {
		w.SetRole(w.People[0].ID, o.ID, Adviser)
	}
	return w
}

// LargeFirm returns a world of 200 organisations and two users. Jo Whitmore reaches the first 140 and has connected 25.
// Sam Adeyemi reaches the last 140 and has connected 20. Both reach 80 organisations. Both have connected the same five
// of the 40 connected organisations.
func LargeFirm() World {
	names := make([]string, 200)
	for i := range names {
		names[i] = fmt.Sprintf("Client %03d Limited", i+1)
	}
	w := Named(names...)
	w.People = append(w.People, Person{GivenName: "Sam", FamilyName: "Adeyemi", Email: "sam@penrose.example"})
	w = w.Complete()
	jo, sam := w.People[0].ID, w.People[1].ID
	clear(w.Roles)
	for i, o := range w.Organisations {
		if i < 140 {
			w.SetRole(jo, o.ID, Adviser)
		}
		if i >= 60 {
			w.SetRole(sam, o.ID, Standard)
		}
		if i >= 60 && i < 85 {
			w.Connected = append(w.Connected, Link{Person: jo, Organisation: o.ID, Client: DemoClientID})
		}
		if i >= 80 && i < 100 {
			w.Connected = append(w.Connected, Link{Person: sam, Organisation: o.ID, Client: DemoClientID})
		}
	}
	return w
}

func day(year int, month time.Month, d int) time.Time {
	return time.Date(year, month, d, 0, 0, 0, 0, time.UTC)
}
