// Package insights holds SECURITY-INSIGHTS.yml against its schema, and what it
// points to against the repository.
package insights

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
	"go.yaml.in/yaml/v3"
)

const root = "../../.."

func text(t *testing.T) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, "SECURITY-INSIGHTS.yml"))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func validate(t *testing.T, text string) error {
	t.Helper()
	schema, err := jsonschema.NewCompiler().Compile("schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var document any
	if err := yaml.Unmarshal([]byte(text), &document); err != nil {
		t.Fatal(err)
	}
	return schema.Validate(document)
}

func TestTheFileIsAsTheSchemaWantsIt(t *testing.T) {
	if err := validate(t, text(t)); err != nil {
		t.Error(err)
	}
}

func TestAFileThatIsWrongIsRefused(t *testing.T) {
	for _, c := range [][2]string{
		{"schema-version: 2.1.0", "schema-version: 1.0.0"},
		{"status: active", "status: famous"},
		{"primary: true", "primary: maybe"},
		{"type: SAST", "type: magic"},
		{"  name: mmapguard\n", "  name: mmapguard\n  badge: gold\n"},
	} {
		wrong := strings.Replace(text(t), c[0], c[1], 1)
		if wrong == text(t) {
			t.Fatalf("the file has no %q any more", c[0])
		}
		if err := validate(t, wrong); err == nil {
			t.Errorf("the schema allows %q", c[1])
		}
	}
}

func TestWhatTheFilePointsToIsThere(t *testing.T) {
	link := regexp.MustCompile(`https://github\.com/mmapguard/go/blob/main/(\S+)`)
	found := link.FindAllStringSubmatch(text(t), -1)
	if len(found) == 0 {
		t.Fatal("the file points to nothing")
	}
	for _, match := range found {
		if _, err := os.Stat(filepath.Join(root, match[1])); err != nil {
			t.Error(err)
		}
	}
}
