// Package command holds what remote and local commands share: inputs, the rules of when which text runs, and outputs.
package command

import "github.com/pulumi/pulumi/sdk/v3/go/common/resource"

// Inputs are the inputs that both kinds of command have.
type Inputs struct {
	Create                 *string           `pulumi:"create,optional"`
	Update                 *string           `pulumi:"update,optional"`
	Delete                 *string           `pulumi:"delete,optional"`
	Stdin                  *string           `pulumi:"stdin,optional"`
	Environment            map[string]string `pulumi:"environment,optional"`
	Triggers               []any             `pulumi:"triggers,optional"`
	Logging                *string           `pulumi:"logging,optional"`
	AddPreviousOutputInEnv *bool             `pulumi:"addPreviousOutputInEnv,optional"`
}

// Output is what a command wrote, each stream without its last newline.
type Output struct {
	Stdout string `pulumi:"stdout"`
	Stderr string `pulumi:"stderr"`
}

// into returns props with the output in it.
func (o Output) into(props resource.PropertyMap) resource.PropertyMap {
	result := props.Copy()
	result["stdout"] = resource.NewStringProperty(o.Stdout)
	result["stderr"] = resource.NewStringProperty(o.Stderr)
	return result
}

// Job is one command to be run.
type Job struct {
	Text        string
	Stdin       string
	Environment map[string]string
	// Previous are the variables that carry the last output. They win over Environment, and a server that refuses
	// them runs the command without them.
	Previous map[string]string
	// Logging selects the streams that are shown live.
	Logging string
	// SecretText keeps the text out of errors.
	SecretText bool
}

const (
	previousStdout = "PULUMI_COMMAND_STDOUT"
	previousStderr = "PULUMI_COMMAND_STDERR"
)

// job returns the job that runs inputs' text called key ("create", "update" or "delete").
func (i Inputs) job(props resource.PropertyMap, key resource.PropertyKey, text string, previous Output) Job {
	job := Job{Text: text, Environment: i.Environment, Logging: showBoth, SecretText: props[key].ContainsSecrets()}
	if i.Stdin != nil {
		job.Stdin = *i.Stdin
	}
	if i.Logging != nil {
		job.Logging = *i.Logging
	}
	if i.AddPreviousOutputInEnv == nil || *i.AddPreviousOutputInEnv {
		job.Previous = map[string]string{}
		for name, value := range map[string]string{previousStdout: previous.Stdout, previousStderr: previous.Stderr} {
			if value != "" {
				job.Previous[name] = value
			}
		}
	}
	return job
}
