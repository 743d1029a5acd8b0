package main

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

func TestLocalCommand(t *testing.T) {
	h := newHarness(t)
	directory := t.TempDir()
	state := h.created(localCommand, object{
		"create": str(`cat; printf '|%s|' "$A"; pwd; echo err >&2`), "stdin": str("in"), "dir": str(directory),
		"environment": obj(object{"A": str("1")}), "interpreter": list(str("/bin/sh"), str("-c")),
	})
	wantText(t, "stdout", text(state, "stdout"), "in|1|"+directory)
	wantText(t, "stderr", text(state, "stderr"), "err")
	updated, err := h.update(localCommand, state, object{"create": str(`echo "$PULUMI_COMMAND_STDERR"`)}, false)
	must(t, err)
	wantText(t, "previous output", text(updated, "stdout"), "err")
	if updated["assets"].HasValue() || updated["archive"].HasValue() {
		t.Errorf("got %v", updated)
	}
	must(t, h.delete(localCommand, updated))
}

func TestLocalFailures(t *testing.T) {
	h := newHarness(t)
	for _, test := range []struct {
		inputs object
		want   string
	}{
		{object{"create": str("echo x; exit 3")}, "exit status 3: running \"echo x; exit 3\":\nx\n"},
		{object{"create": str("kill -9 $$")}, "signal: killed: running \"kill -9 $$\":\n"},
		{object{"create": str("x"), "interpreter": list(str("nosuchinterp"))},
			"exec: \"nosuchinterp\": executable file not found in $PATH: running \"x\":\n"},
		{object{"create": str("pwd"), "dir": str("nope")}, "chdir nope: no such file or directory: running \"pwd\":\n"},
	} {
		_, err := h.create(localCommand, test.inputs)
		wantError(t, err, test.want)
	}
}

func TestLocalFiles(t *testing.T) {
	directory := t.TempDir()
	for _, name := range []string{"a.txt", "b.txt", "c.md", "q/d.txt", "q/r/e.txt"} {
		must(t, os.MkdirAll(filepath.Dir(filepath.Join(directory, name)), 0o755))
		must(t, os.WriteFile(filepath.Join(directory, name), []byte(name), 0o600))
	}
	h := newHarness(t)
	for _, test := range []struct {
		patterns []string
		want     []string
	}{
		{[]string{"*.txt"}, []string{"a.txt", "b.txt"}},
		{[]string{"[ab].txt", "{c,z}.md"}, []string{"a.txt", "b.txt", "c.md"}},
		{[]string{"*.txt", "!b.*"}, []string{"a.txt"}},
		{[]string{"!b.*", "*.txt"}, []string{"a.txt", "b.txt"}},
		{[]string{"**.txt"}, []string{"a.txt", "b.txt", "q/d.txt", "q/r/e.txt"}},
		{[]string{"**/*.txt"}, []string{"q/d.txt", "q/r/e.txt"}},
		{[]string{"q", "../x", directory + "/a.txt"}, nil},
	} {
		var patterns []value
		for _, pattern := range test.patterns {
			patterns = append(patterns, str(pattern))
		}
		state := h.created(localCommand, object{
			"dir": str(directory), "create": str("true"), "assetPaths": list(patterns...), "archivePaths": list(patterns...),
		})
		assets := state["assets"].ObjectValue()
		got := slices.Sorted(maps.Keys(assets))
		if fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%q selects %v", test.patterns, got)
		}
		members, _ := state["archive"].ArchiveValue().GetAssets()
		if got := slices.Sorted(maps.Keys(members)); fmt.Sprint(got) != fmt.Sprint(test.want) {
			t.Errorf("%q archives %v", test.patterns, got)
		}
		for name, member := range assets {
			if want := filepath.Join(directory, string(name)); member.AssetValue().Path != want {
				t.Errorf("path %q", member.AssetValue().Path)
			}
		}
	}
}

func TestLocalPreviewLeavesFilesUnknown(t *testing.T) {
	h := newHarness(t)
	state := h.created(localCommand, object{"create": str("true"), "assetPaths": list(str("go.mod"))})
	previewed, err := h.update(localCommand, state, object{"create": str(":"), "assetPaths": list(str("go.mod"))}, true)
	must(t, err)
	if !previewed["assets"].IsComputed() || !previewed["stdout"].IsComputed() {
		t.Errorf("got %v", previewed)
	}
	previewed, err = h.update(localCommand, state,
		object{"create": str("true"), "assetPaths": list(str("go.mod")), "stdin": str("x")}, true)
	must(t, err)
	if _, has := previewed["assets"].ObjectValue()[resource.PropertyKey("go.mod")]; !has {
		t.Errorf("got %v", previewed)
	}
}
