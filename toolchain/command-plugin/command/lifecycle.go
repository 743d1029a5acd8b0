package command

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"logos/command-plugin/kind"
)

// Run runs a job with the connection, directory and so on that props describe, which are inputs or a state.
type Run func(ctx context.Context, op kind.Operation, props resource.PropertyMap, job Job) (Output, error)

// Create runs the create text, if there is one. It returns a new identity for name, and inputs with the output.
func Create(
	ctx context.Context, op kind.Operation, name string, inputs resource.PropertyMap, run Run,
) (string, resource.PropertyMap, error) {
	id, err := resource.NewUniqueHex(name, 8, 0)
	if err != nil {
		return "", nil, err
	}
	if op.Preview {
		return id, unknownOutput(inputs), nil
	}
	var decoded Inputs
	if err := kind.Decode(inputs, &decoded); err != nil {
		return "", nil, err
	}
	var output Output
	if decoded.Create != nil {
		job := decoded.job(inputs, "create", *decoded.Create, Output{})
		if output, err = run(ctx, op, inputs, job); err != nil {
			return "", nil, err
		}
	}
	return id, output.into(inputs), nil
}

// Update runs the update text, or else the create text, or keeps the last output if there is neither.
func Update(
	ctx context.Context, op kind.Operation, olds, inputs resource.PropertyMap, run Run,
) (resource.PropertyMap, error) {
	var output Output
	if err := kind.Decode(olds, &output); err != nil {
		return nil, err
	}
	if op.Preview {
		if Changes(olds, inputs) {
			return unknownOutput(inputs), nil
		}
		return output.into(inputs), nil
	}
	var decoded Inputs
	if err := kind.Decode(inputs, &decoded); err != nil {
		return nil, err
	}
	key, text := resource.PropertyKey("update"), decoded.Update
	if text == nil {
		key, text = "create", decoded.Create
	}
	if text != nil {
		var err error
		if output, err = run(ctx, op, inputs, decoded.job(inputs, key, *text, output)); err != nil {
			return nil, err
		}
	}
	return output.into(inputs), nil
}

// Delete runs the delete text, if there is one, with the inputs and the last output of the state olds.
func Delete(
	ctx context.Context, op kind.Operation, olds resource.PropertyMap, inputs Inputs, last Output, run Run,
) error {
	if inputs.Delete == nil {
		return nil
	}
	_, err := run(ctx, op, olds, inputs.job(olds, "delete", *inputs.Delete, last))
	return err
}

// Changes says whether an input that the state has will be another, or gone, so that the outputs cannot be known
// before the command runs. An input that is new leaves them as they are: the official plugin previews it so.
func Changes(olds, inputs resource.PropertyMap) bool {
	for key, old := range olds {
		if key == "stdout" || key == "stderr" || key == "assets" || key == "archive" {
			continue
		}
		if value, has := inputs[key]; !has || !value.DeepEquals(old) {
			return true
		}
	}
	return false
}

func unknownOutput(inputs resource.PropertyMap) resource.PropertyMap {
	unknown := resource.MakeComputed(resource.NewStringProperty(""))
	result := inputs.Copy()
	result["stdout"], result["stderr"] = unknown, unknown
	return result
}
