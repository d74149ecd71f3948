package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Violations reads every Go file of the module in root and returns what breaks the rules, each with its place, in the order of the files.
// Nested modules, testdata and hidden folders are passed over. Tests may import what they like, but for what is forbidden to all.
func Violations(root fs.FS) ([]string, error) {
	var found []string
	set := token.NewFileSet()
	err := fs.WalkDir(root, ".", func(name string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && name != "." && skipped(root, name):
			return fs.SkipDir
		case d.IsDir() || path.Ext(name) != ".go":
			return nil
		}
		source, err := fs.ReadFile(root, name)
		if err != nil {
			return err
		}
		file, err := parser.ParseFile(set, name, source, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		found = append(found, checkFile(set, name, file)...)
		return nil
	})
	return found, err
}

// skipped tells folders that hold no code of the module.
func skipped(root fs.FS, dir string) bool {
	base := path.Base(dir)
	if base == "testdata" || base == "vendor" || base[0] == '.' || base[0] == '_' {
		return true
	}
	_, err := fs.Stat(root, path.Join(dir, "go.mod"))
	return err == nil
}

// checkFile returns the violations of one file.
func checkFile(set *token.FileSet, name string, file *ast.File) (found []string) {
	dir := path.Dir(name)
	own, known := rooms[dir]
	if !known {
		return []string{fmt.Sprintf("%s: package %s has no row in the table", name, dir)}
	}
	test := strings.HasSuffix(name, "_test.go")
	names := map[string]string{} // import path, by the name it has in the file
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue // the parser has checked the string
		}
		names[localName(spec, imported)] = imported
		if why := refusal(dir, own, test, imported); why != "" {
			found = append(found, fmt.Sprintf("%s: %s", set.Position(spec.Pos()), why))
		}
	}
	if own.reach == everything || test {
		return found
	}
	return append(found, uses(set, file, dir, names)...)
}

// localName is the name that an import has in its file.
func localName(spec *ast.ImportSpec, imported string) string {
	if spec.Name != nil {
		return spec.Name.Name
	}
	if imported == "math/rand/v2" {
		return "rand"
	}
	return path.Base(imported)
}

// refusal says why a package must not import another; empty where it may.
func refusal(dir string, own room, test bool, imported string) string {
	if limit, out := bound(imported); out && (limit == everything || (!test && own.reach >= limit)) {
		return fmt.Sprintf("%s must not import %s", dir, imported)
	}
	ours, local := strings.CutPrefix(imported, module+"/")
	if !local || test || slices.Contains(own.may, "*") {
		return ""
	}
	if strings.HasPrefix(ours, "internal/") {
		by, few := limited[ours]
		switch {
		case few && !slices.Contains(by, dir):
			return fmt.Sprintf("%s must not import %s", dir, ours)
		case own.reach == pure && rooms[ours].reach != pure:
			return fmt.Sprintf("%s is pure and must not import %s, which is not", dir, ours)
		}
		return ""
	}
	if !slices.Contains(own.may, ours) {
		return fmt.Sprintf("%s must not import %s", dir, ours)
	}
	return ""
}

// bound returns the reach from which on an import is forbidden.
func bound(imported string) (limit reach, out bool) {
	if allowed[imported] {
		return 0, false
	}
	for at := imported; at != "."; at = path.Dir(at) {
		if limit, out = forbidden[at]; out {
			return limit, true
		}
	}
	return 0, false
}

// uses returns the places where a file reaches for the clock, the standard streams or the global source of randomness.
func uses(set *token.FileSet, file *ast.File, dir string, names map[string]string) (found []string) {
	ast.Inspect(file, func(n ast.Node) bool {
		selector, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		pkg, ok := selector.X.(*ast.Ident)
		if !ok {
			return true
		}
		if imported := names[pkg.Name]; slices.Contains(forbiddenUse[imported], selector.Sel.Name) {
			found = append(found, fmt.Sprintf("%s: %s must not use %s.%s", set.Position(n.Pos()), dir, imported, selector.Sel.Name))
		}
		return true
	})
	return found
}
