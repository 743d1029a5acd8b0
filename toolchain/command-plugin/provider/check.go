package provider

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/mapper"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"logos/command-plugin/kind"
)

// Check refuses inputs that do not exist, are missing or have the wrong type, and returns the others with their defaults.
func (p *Provider) Check(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	resourceKind, _, err := p.kindOf(req.GetUrn())
	if err != nil {
		return nil, err
	}
	inputs, err := read(req.GetNews())
	if err != nil {
		return nil, err
	}
	var failures []kind.Failure
	if mappingError := kind.DecodeStrict(inputs, resourceKind.NewInputs()); mappingError != nil {
		failures = failuresOf(mappingError, inputs)
	} else {
		inputs, failures = resourceKind.Complete(inputs)
	}
	properties, err := write(inputs)
	if err != nil {
		return nil, err
	}
	response := &pulumirpc.CheckResponse{Inputs: properties}
	for _, failure := range failures {
		response.Failures = append(response.Failures,
			&pulumirpc.CheckFailure{Property: failure.Property, Reason: failure.Reason})
	}
	return response, nil
}

// failuresOf lists what the mapper refused, in a stable order.
func failuresOf(mappingError mapper.MappingError, inputs resource.PropertyMap) []kind.Failure {
	var failures []kind.Failure
	for _, err := range mappingError.Failures() {
		failure := kind.Failure{Reason: err.Error()}
		if field, ok := errors.AsType[mapper.FieldError](err); ok && !confidential(inputs, field.Field()) {
			failure.Property = field.Field()
		}
		failures = append(failures, failure)
	}
	slices.SortFunc(failures, func(a, b kind.Failure) int { return strings.Compare(a.Reason, b.Reason) })
	return failures
}

// confidential says that the engine must not be told which property failed: it would print the property's value, in
// clear, private keys included. The reason names the field all the same.
func confidential(inputs resource.PropertyMap, property string) bool {
	value, has := inputs[resource.PropertyKey(property)]
	return has && (property == "connection" || value.ContainsSecrets())
}
