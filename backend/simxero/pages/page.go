package pages

import (
	"bytes"
	"embed"
	"html/template"
	"net/http"
	"strconv"

	"bookring/backend/simxero/answer"
	"bookring/backend/simxero/world"
)

//go:embed *.html style.css
var files embed.FS

// templates holds each page inside the layout. The pages work with forms and links and contain no script.
var templates = func() map[string]*template.Template {
	layout := template.Must(template.New("layout.html").Funcs(template.FuncMap{"count": count, "initial": initial}).
		ParseFS(files, "layout.html"))
	all := map[string]*template.Template{}
	for _, name := range []string{"sign-in", "consent", "logout", "limit", "error"} {
		all[name] = template.Must(template.Must(layout.Clone()).ParseFS(files, name+".html"))
	}
	return all
}()

// page renders a template. The security policy permits only the site's own style sheet. The policy lacks form-action,
// because browsers would apply form-action to the redirect to the app too.
func page(status int, name string, view any) answer.Answer {
	var b bytes.Buffer
	if err := templates[name].Execute(&b, view); err != nil {
		panic(err) // the template does not match the view
	}
	return answer.New(status, "text/html; charset=utf-8", b.Bytes()).
		With("Content-Security-Policy", "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; frame-ancestors 'none'").
		With("X-Frame-Options", "DENY").
		With("X-Content-Type-Options", "nosniff").
		With("Referrer-Policy", "no-referrer").
		With("Cache-Control", "no-store")
}

// Style serves the style sheet of the pages.
func Style(w http.ResponseWriter, r *http.Request) { http.ServeFileFS(w, r, files, "style.css") }

// initial returns the first letter of a user's name.
func initial(p world.Person) string {
	for _, r := range p.Name() {
		return string(r)
	}
	return "?"
}

// count returns a number of organisations in words: "1 organisation", "3 organisations".
func count(n int) string {
	if n == 1 {
		return "1 organisation"
	}
	return strconv.Itoa(n) + " organisations"
}
