// Package kind says what a resource type must be able to do; the provider serves any set of them.
package kind

import (
	"context"
	"errors"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"logos/command-plugin/engine"
)

// Kind is one resource type.
type Kind interface {
	// NewInputs returns a pointer to an empty struct whose `pulumi` tags name the inputs that exist.
	NewInputs() any
	// Complete fills in defaults and marks secrets in well-typed inputs, and reports what their types cannot express.
	Complete(inputs resource.PropertyMap) (resource.PropertyMap, []Failure)
	// Create makes the resource called name, and returns its identity and outputs.
	Create(ctx context.Context, op Operation, name string, inputs resource.PropertyMap) (string, resource.PropertyMap, error)
	// Update changes a resource whose last outputs were olds, and returns its new outputs.
	Update(ctx context.Context, op Operation, olds, inputs resource.PropertyMap) (resource.PropertyMap, error)
	// Delete ends a resource whose last outputs were olds.
	Delete(ctx context.Context, op Operation, olds resource.PropertyMap) error
}

// Failure is an input that was refused. Property may be empty: the engine prints the value of a named property.
type Failure struct{ Property, Reason string }

// Operation is how one create, update or delete is to be run.
type Operation struct {
	// Preview asks only for the outputs that can be known without doing anything.
	Preview bool
	// Live shows text beside the resource while the operation runs.
	Live *engine.Live
	// Log shows a lasting message beside the resource.
	Log func(severity engine.Severity, message string)
}

// ErrCancelled is the cause of an operation's end when the engine cancels it.
var ErrCancelled = errors.New("cancelled")
