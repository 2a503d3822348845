package simxero_test

import (
	"encoding/json"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"regexp"
	"testing"

	"bookring/backend/simxero"

	"github.com/getkin/kin-openapi/openapi3"
)

// schemas is the folder of Xero's schemas, published under the MIT licence in XeroAPI/Xero-OpenAPI.
const schemas = "../../../shared/reference/xero-openapi/"

func schema(t *testing.T, file, name string) *openapi3.Schema {
	t.Helper()
	if _, err := os.Stat(schemas + file); errors.Is(err, fs.ErrNotExist) {
		t.Skip("Xero's OpenAPI files are not beside this checkout, so the simulator's answers were not compared with them")
	}
	doc, err := openapi3.NewLoader().LoadFromFile(schemas + file)
	if err != nil {
		t.Fatal(err)
	}
	return doc.Components.Schemas[name].Value
}

// agrees checks an answer against a schema and refuses properties outside of the schema.
func agrees(t *testing.T, s *openapi3.Schema, value map[string]any) {
	t.Helper()
	uuid := openapi3.WithStringFormatValidator("uuid", openapi3.NewRegexpFormatValidator(openapi3.FormatOfStringForUUIDOfRFC4122))
	if err := s.VisitJSON(value, openapi3.MultiErrors(), openapi3.EnableFormatValidation(), uuid); err != nil {
		t.Errorf("%v\n%v", err, value)
	}
	for name := range value {
		if s.Properties[name] == nil {
			t.Errorf("%s is unknown to Xero", name)
		}
	}
}

func TestConnectionsAgreeWithXerosSchema(t *testing.T) {
	connection := schema(t, "xero-identity.yaml", "Connection")
	w := simxero.Demo()
	w.Clients[0].Bulk = true
	a := start(t, w)
	var ids []string
	for _, o := range w.Organisations {
		ids = append(ids, o.ID)
	}
	r := a.call(http.MethodGet, "/connections", a.signIn(a.server.Visitor(), "Jo Whitmore", ids...))
	var all []map[string]any
	if err := json.Unmarshal([]byte(r.body), &all); err != nil {
		t.Fatal(err)
	}
	same(t, "connections", len(all), 12)
	for _, c := range all {
		for _, name := range []string{"createdDateUtc", "updatedDateUtc"} {
			// The schema requires date-time, but Xero's example has no zone. The test checks the example's format, and
			// adds a zone for the schema.
			date, _ := c[name].(string)
			if !regexp.MustCompile(`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{7}$`).MatchString(date) {
				t.Errorf("%s is %q", name, date)
			}
			c[name] = date + "Z"
		}
		agrees(t, connection, c)
		same(t, "properties", len(c), len(connection.Properties))
	}
}

func TestOrganisationsAgreeWithXerosSchema(t *testing.T) {
	organisation := schema(t, "xero_accounting.yaml", "Organisation")
	w := simxero.Demo()
	w.Clients[0].Bulk = true
	a := start(t, w)
	var ids []string
	for _, o := range w.Organisations {
		ids = append(ids, o.ID)
	}
	token := a.signIn(a.server.Visitor(), "Jo Whitmore", ids...)
	for _, id := range ids {
		agrees(t, organisation, a.details(token, id).organisation(t))
	}
}
