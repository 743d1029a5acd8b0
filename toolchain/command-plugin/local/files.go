package local

import (
	"io/fs"
	"path/filepath"
	"strings"

	"github.com/gobwas/glob"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"

	"logos/command-plugin/kind"
)

// withFiles returns outputs with the files that assetPaths and archivePaths name, as they are now. An output whose
// input is absent is absent.
func withFiles(outputs resource.PropertyMap, preview bool) (resource.PropertyMap, error) {
	var inputs CommandInputs
	if err := kind.Decode(outputs, &inputs); err != nil {
		return nil, err
	}
	if preview {
		unknown := resource.MakeComputed(resource.NewStringProperty(""))
		return withFilesOf(outputs, resource.PropertyMap{"assets": unknown, "archive": unknown}), nil
	}
	directory := "."
	if inputs.Dir != nil {
		directory = *inputs.Dir
	}
	files := resource.PropertyMap{}
	if inputs.AssetPaths != nil {
		assets, err := assetsIn(directory, inputs.AssetPaths)
		if err != nil {
			return nil, err
		}
		members := resource.PropertyMap{}
		for name, file := range assets {
			members[resource.PropertyKey(name)] = resource.NewAssetProperty(file)
		}
		files["assets"] = resource.NewObjectProperty(members)
	}
	if inputs.ArchivePaths != nil {
		assets, err := assetsIn(directory, inputs.ArchivePaths)
		if err != nil {
			return nil, err
		}
		members := map[string]any{}
		for name, file := range assets {
			members[name] = file
		}
		bundle, err := archive.FromAssets(members)
		if err != nil {
			return nil, err
		}
		files["archive"] = resource.NewArchiveProperty(bundle)
	}
	return withFilesOf(outputs, files), nil
}

func withFilesOf(outputs, from resource.PropertyMap) resource.PropertyMap {
	result := outputs.Copy()
	for output, input := range map[resource.PropertyKey]resource.PropertyKey{"assets": "assetPaths", "archive": "archivePaths"} {
		if value, has := from[output]; has && outputs.HasValue(input) {
			result[output] = value
		}
	}
	return result
}

// assetsIn returns the files below directory that patterns select, by path relative to it. A pattern after "!" drops
// what earlier ones selected.
func assetsIn(directory string, patterns []string) (map[string]*asset.Asset, error) {
	type rule struct {
		glob.Glob
		selects bool
	}
	var rules []rule
	for _, pattern := range patterns {
		text, drops := strings.CutPrefix(pattern, "!")
		compiled, err := glob.Compile(text, '/')
		if err != nil {
			return nil, err
		}
		rules = append(rules, rule{compiled, !drops})
	}
	if !filepath.IsAbs(directory) && directory == "." {
		absolute, err := filepath.Abs(directory)
		if err != nil {
			return nil, err
		}
		directory = absolute
	}
	files := map[string]*asset.Asset{}
	err := filepath.WalkDir(directory, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(directory, path)
		if err != nil {
			return err
		}
		selected := false
		for _, rule := range rules {
			if rule.Match(filepath.ToSlash(name)) {
				selected = rule.selects
			}
		}
		if selected {
			files[name], err = asset.FromPath(path)
		}
		return err
	})
	return files, err
}
