package main

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"logos/command-plugin/sshtest"
)

// sourceTree is a folder with a hidden file, an empty folder and a symbolic link.
func sourceTree(t *testing.T) string {
	t.Helper()
	root := filepath.Join(t.TempDir(), "tree")
	must(t, os.MkdirAll(filepath.Join(root, "sub", "empty"), 0o755))
	must(t, os.WriteFile(filepath.Join(root, "a"), []byte("A"), 0o700))
	must(t, os.WriteFile(filepath.Join(root, "sub", ".hidden"), []byte("H"), 0o600))
	must(t, os.Symlink("a", filepath.Join(root, "link")))
	return root
}

func file(t *testing.T, path string) value {
	t.Helper()
	source, err := asset.FromPath(path)
	must(t, err)
	return resource.NewAssetProperty(source)
}

func written(t *testing.T, content string) value {
	t.Helper()
	source, err := asset.FromText(content)
	must(t, err)
	return resource.NewAssetProperty(source)
}

func folder(t *testing.T, path string) value {
	t.Helper()
	source, err := archive.FromPath(path)
	must(t, err)
	return resource.NewArchiveProperty(source)
}

func copying(server *sshtest.Server, source value, path string) object {
	return object{"connection": obj(to(server)), "source": source, "remotePath": str(path)}
}

// tree lists what is below root: "path=content", or "path/" for a folder.
func tree(t *testing.T, root string) []string {
	t.Helper()
	var entries []string
	must(t, filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || path == root {
			return err
		}
		name, err := filepath.Rel(root, path)
		if err != nil || entry.IsDir() {
			entries = append(entries, name+"/")
			return err
		}
		content, err := os.ReadFile(path)
		entries = append(entries, name+"="+string(content))
		return err
	}))
	return entries
}

func TestCopyLayout(t *testing.T) {
	source := sourceTree(t)
	whole := func(prefix string) []string {
		return []string{prefix + "a=A", prefix + "link=A", prefix + "sub/", prefix + "sub/.hidden=H", prefix + "sub/empty/"}
	}
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		for name, test := range map[string]struct {
			source value
			path   string
			want   []string
		}{
			"file to a new path":       {file(t, source+"/a"), "new/deep/b", []string{"new/", "new/deep/", "new/deep/b=A", "there/"}},
			"file into a folder":       {file(t, source+"/a"), "there", []string{"there/", "there/a=A"}},
			"file into a folder/":      {file(t, source+"/a"), "there/", []string{"there/", "there/a=A"}},
			"text":                     {written(t, "T"), "there/t", []string{"there/", "there/t=T"}},
			"empty text":               {written(t, ""), "t", []string{"t=", "there/"}},
			"folder to a new path":     {folder(t, source), "p/q", append([]string{"p/", "p/q/", "p/q/tree/"}, append(whole("p/q/tree/"), "there/")...)},
			"folder into a folder":     {folder(t, source), "there", append([]string{"there/", "there/tree/"}, whole("there/tree/")...)},
			"contents of a folder":     {folder(t, source+"/"), "there", append([]string{"there/"}, whole("there/")...)},
			"folder as an asset":       {resource.NewAssetProperty(&asset.Asset{Sig: asset.AssetSig, Path: source, Hash: "0"}), "there", append([]string{"there/", "there/tree/"}, whole("there/tree/")...)},
			"archive that is one file": {resource.NewArchiveProperty(&archive.Archive{Sig: archive.ArchiveSig, Path: source + "/a", Hash: "0"}), "x.tgz", []string{"there/", "x.tgz=A"}},
		} {
			t.Run(name, func(t *testing.T) {
				home := filepath.Join(server.Home, strings.ReplaceAll(name, "/", "-slash"))
				must(t, os.MkdirAll(home+"/there", 0o755))
				newHarness(t).created(copyToRemote, copying(server, test.source, home+"/"+test.path))
				if got := tree(t, home); !slices.Equal(got, test.want) {
					t.Errorf("got %q\nwant %q", got, test.want)
				}
			})
		}
	})
}

func TestCopyOverAFile(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		path := server.Home + "/file"
		must(t, os.WriteFile(path, []byte("something longer"), 0o600))
		must(t, os.Symlink("file", server.Home+"/link"))
		newHarness(t).created(copyToRemote, copying(server, written(t, "short"), server.Home+"/link"))
		info, err := os.Stat(path)
		must(t, err)
		if got := tree(t, server.Home); !slices.Equal(got, []string{"file=short", "link=short"}) || info.Mode().Perm() != 0o600 {
			t.Errorf("got %q with mode %v", got, info.Mode())
		}
	})
}

func TestCopyOfALargeFile(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		source := filepath.Join(t.TempDir(), "large")
		content := strings.Repeat("0123456789abcde\n", 1<<19)
		must(t, os.WriteFile(source, []byte(content), 0o600))
		newHarness(t).created(copyToRemote, copying(server, file(t, source), server.Home+"/large"))
		got, err := os.ReadFile(server.Home + "/large")
		must(t, err)
		if string(got) != content {
			t.Errorf("%d bytes arrived, or not the same", len(got))
		}
	})
}

func TestCopyFailures(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		h := newHarness(t)
		home := server.Home
		must(t, os.WriteFile(home+"/file", nil, 0o600))
		for path, want := range map[string]string{
			home:                  fmt.Sprintf("remote path %s is a directory; when using a text asset, remotePath must be a file path", home),
			home + "/new/":        fmt.Sprintf("failed to create remote file %s/new/: sftp: ", home),
			home + "/file/x/deep": fmt.Sprintf("failed to create parent directories for %s/file/x/deep: ", home),
		} {
			_, err := h.create(copyToRemote, copying(server, written(t, "x"), path))
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("got %v, want %s", err, want)
			}
		}
		gone := resource.NewAssetProperty(&asset.Asset{Sig: asset.AssetSig, Path: "/nonexistent/x", Hash: "0"})
		_, err := h.create(copyToRemote, copying(server, gone, home+"/x"))
		wantError(t, err, "open /nonexistent/x: no such file or directory")
		pipe := t.TempDir()
		must(t, syscall.Mkfifo(pipe+"/fifo", 0o600))
		source := resource.NewArchiveProperty(&archive.Archive{Sig: archive.ArchiveSig, Path: pipe, Hash: "0"})
		_, err = h.create(copyToRemote, copying(server, source, home+"/pipe"))
		wantError(t, err, fmt.Sprintf("cannot copy %s/fifo: it is neither a file nor a directory", pipe))
	})
}

func TestCopyUpdates(t *testing.T) {
	h, server, other := newHarness(t), sshtest.Start(t), sshtest.Start(t)
	path := server.Home + "/t"
	state := h.created(copyToRemote, copying(server, written(t, "one"), path))
	for _, test := range []struct {
		name   string
		inputs object
		copies bool
	}{
		{"other triggers", object{"connection": obj(to(server)), "source": written(t, "one"), "remotePath": str(path), "triggers": list(str("a"))}, false},
		{"other host", copying(other, written(t, "one"), path), false},
		{"other content", copying(server, written(t, "two"), path), true},
		{"other path", copying(server, written(t, "one"), path+"2"), true},
	} {
		before := server.Connections.Load() + other.Connections.Load()
		_, err := h.update(copyToRemote, state, test.inputs, false)
		must(t, err)
		if copied := server.Connections.Load()+other.Connections.Load() > before; copied != test.copies {
			t.Errorf("%s: copied %v", test.name, copied)
		}
	}
	must(t, h.delete(copyToRemote, state))
	if got := tree(t, server.Home); !slices.Equal(got, []string{"t=two", "t2=one"}) {
		t.Errorf("after the deletion: %q", got)
	}
}

func TestPreviewOfACopy(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	inputs := h.checked(copyToRemote, copying(server, written(t, "x"), "y"))
	response, err := h.client.Create(t.Context(), &pulumirpc.CreateRequest{
		Urn: urnOf(copyToRemote), Properties: h.marshal(inputs), Preview: true,
	})
	must(t, err)
	outputs := h.unmarshal(response.GetProperties())
	if response.GetId() != "" || !outputs["source"].IsComputed() || server.Connections.Load() != 0 {
		t.Errorf("got %q, %v after %d dials", response.GetId(), outputs, server.Connections.Load())
	}
}
