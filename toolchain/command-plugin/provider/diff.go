package provider

import (
	"context"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// triggers is the one input whose appearance, disappearance or change as a whole replaces a resource. A change of one
// element is an update here: the SDKs ask the engine to replace on it.
const triggers = "triggers"

// Diff compares the new inputs with the old ones; the outputs play no part.
func (p *Provider) Diff(_ context.Context, req *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	if _, _, err := p.kindOf(req.GetUrn()); err != nil {
		return nil, err
	}
	olds, err := read(req.GetOldInputs())
	if err != nil {
		return nil, err
	}
	news, err := read(req.GetNews())
	if err != nil {
		return nil, err
	}
	ignored, err := ignoredPaths(req.GetIgnoreChanges())
	if err != nil {
		return nil, err
	}
	difference := olds.DiffWithOptions(withSecretUnknownsSettled(olds, news), ignored)

	response := &pulumirpc.DiffResponse{
		Changes:         pulumirpc.DiffResponse_DIFF_NONE,
		DetailedDiff:    map[string]*pulumirpc.PropertyDiff{},
		HasDetailedDiff: true,
	}
	if !difference.AnyChanges() {
		return response, nil
	}
	response.Changes = pulumirpc.DiffResponse_DIFF_SOME
	for _, key := range difference.ChangedKeys() {
		response.Diffs = append(response.Diffs, string(key))
	}
	detailed := plugin.NewDetailedDiffFromObjectDiff(difference, false)
	for _, path := range slices.Sorted(maps.Keys(detailed)) {
		change := detailed[path].Kind
		if path == triggers {
			change = change.AsReplace()
			response.Replaces = append(response.Replaces, triggers)
		}
		response.DetailedDiff[path] = &pulumirpc.PropertyDiff{Kind: kindOfChange[change]}
	}
	return response, nil
}

var kindOfChange = map[plugin.DiffKind]pulumirpc.PropertyDiff_Kind{
	plugin.DiffAdd:           pulumirpc.PropertyDiff_ADD,
	plugin.DiffAddReplace:    pulumirpc.PropertyDiff_ADD_REPLACE,
	plugin.DiffDelete:        pulumirpc.PropertyDiff_DELETE,
	plugin.DiffDeleteReplace: pulumirpc.PropertyDiff_DELETE_REPLACE,
	plugin.DiffUpdate:        pulumirpc.PropertyDiff_UPDATE,
	plugin.DiffUpdateReplace: pulumirpc.PropertyDiff_UPDATE_REPLACE,
}

func ignoredPaths(paths []string) (resource.IgnorePathFunc, error) {
	var ignored []resource.PropertyPath
	for _, text := range paths {
		path, err := resource.ParsePropertyPath(text)
		if err != nil {
			return nil, err
		}
		ignored = append(ignored, path)
	}
	return func(candidate resource.PropertyPath) bool {
		return slices.ContainsFunc(ignored, func(path resource.PropertyPath) bool { return path.Contains(candidate) })
	}, nil
}
