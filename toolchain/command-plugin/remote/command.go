package remote

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"golang.org/x/crypto/ssh"

	"logos/command-plugin/command"
	"logos/command-plugin/engine"
	"logos/command-plugin/kind"
)

// CommandInputs are the inputs of a remote command.
type CommandInputs struct {
	Connection Connection `pulumi:"connection"`
	command.Inputs
}

// CommandOutputs are what its state must hold for it to be deleted.
type CommandOutputs struct {
	CommandInputs
	command.Output
}

// Command is the kind command:remote:Command: a text run by the login shell of another machine.
type Command struct{}

// NewInputs implements kind.Kind.
func (Command) NewInputs() any { return &CommandInputs{} }

// Complete implements kind.Kind.
func (Command) Complete(inputs resource.PropertyMap) (resource.PropertyMap, []kind.Failure) {
	return completeConnection(inputs)
}

// Create implements kind.Kind.
func (Command) Create(
	ctx context.Context, op kind.Operation, name string, inputs resource.PropertyMap,
) (string, resource.PropertyMap, error) {
	return command.Create(ctx, op, name, inputs, runCommand)
}

// Update implements kind.Kind.
func (Command) Update(
	ctx context.Context, op kind.Operation, olds, inputs resource.PropertyMap,
) (resource.PropertyMap, error) {
	return command.Update(ctx, op, olds, inputs, runCommand)
}

// Delete implements kind.Kind.
func (Command) Delete(ctx context.Context, op kind.Operation, olds resource.PropertyMap) error {
	var state CommandOutputs
	if err := kind.Decode(olds, &state); err != nil {
		return err
	}
	return command.Delete(ctx, op, olds, state.Inputs, state.Output, runCommand)
}

// runCommand runs job on a connection of its own.
func runCommand(
	ctx context.Context, op kind.Operation, props resource.PropertyMap, job command.Job,
) (output command.Output, err error) {
	var inputs CommandInputs
	if err := kind.Decode(props, &inputs); err != nil {
		return output, err
	}
	err = dial(ctx, inputs.Connection, op.Live, func(client *ssh.Client) error {
		session, err := client.NewSession()
		if err != nil {
			return err
		}
		if err := setEnvironment(session, op, job); err != nil {
			return err
		}
		capture := command.NewCapture(job, op.Live)
		session.Stdin = strings.NewReader(job.Stdin)
		session.Stdout, session.Stderr = capture.Stdout, capture.Stderr
		stop := context.AfterFunc(ctx, func() { _ = session.Signal(ssh.SIGTERM) })
		defer stop()
		output, err = capture.Finish(ctx, session.Run(job.Text))
		return err
	})
	return output, err
}

// setEnvironment asks the server to set the job's variables. A server that accepts no variables from clients refuses.
func setEnvironment(session *ssh.Session, op kind.Operation, job command.Job) error {
	for _, name := range slices.Sorted(maps.Keys(job.Environment)) {
		if _, overridden := job.Previous[name]; overridden {
			continue
		}
		if err := session.Setenv(name, job.Environment[name]); err != nil {
			op.Log(engine.Error, notAccepted(name))
			return fmt.Errorf("could not set environment variable %q: %w", name, err)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(job.Previous)) {
		if err := session.Setenv(name, job.Previous[name]); err != nil {
			op.Log(engine.Warning, notAccepted(name))
		}
	}
	return nil
}

func notAccepted(name string) string {
	return fmt.Sprintf("Unable to set '%s'. This only works if your SSH server is configured to accept\n\tthese variables"+
		" via AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could\n\tprefix the"+
		" command itself with the variables in the form 'VAR=value command'", name)
}
