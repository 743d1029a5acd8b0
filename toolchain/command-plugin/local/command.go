// Package local holds the resource that acts on this machine.
package local

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"logos/command-plugin/command"
	"logos/command-plugin/kind"
)

// endingGrace is how long a cancelled command has to end after SIGTERM, before it is killed.
const endingGrace = 2 * time.Second

// CommandInputs are the inputs of a local command.
type CommandInputs struct {
	command.Inputs
	Dir          *string  `pulumi:"dir,optional"`
	Interpreter  []string `pulumi:"interpreter,optional"`
	AssetPaths   []string `pulumi:"assetPaths,optional"`
	ArchivePaths []string `pulumi:"archivePaths,optional"`
}

// CommandOutputs are what its state must hold for it to be deleted.
type CommandOutputs struct {
	CommandInputs
	command.Output
}

// Command is the kind command:local:Command: a text run by a shell of this machine.
type Command struct{}

// NewInputs implements kind.Kind.
func (Command) NewInputs() any { return &CommandInputs{} }

// Complete implements kind.Kind.
func (Command) Complete(inputs resource.PropertyMap) (resource.PropertyMap, []kind.Failure) {
	return inputs, nil
}

// Create implements kind.Kind.
func (Command) Create(
	ctx context.Context, op kind.Operation, name string, inputs resource.PropertyMap,
) (string, resource.PropertyMap, error) {
	id, outputs, err := command.Create(ctx, op, name, inputs, runCommand)
	if err != nil {
		return "", nil, err
	}
	outputs, err = withFiles(outputs, op.Preview)
	return id, outputs, err
}

// Update implements kind.Kind.
func (Command) Update(
	ctx context.Context, op kind.Operation, olds, inputs resource.PropertyMap,
) (resource.PropertyMap, error) {
	outputs, err := command.Update(ctx, op, olds, inputs, runCommand)
	if err != nil {
		return nil, err
	}
	if op.Preview && !command.Changes(olds, inputs) {
		return withFilesOf(outputs, olds), nil
	}
	return withFiles(outputs, op.Preview)
}

// Delete implements kind.Kind.
func (Command) Delete(ctx context.Context, op kind.Operation, olds resource.PropertyMap) error {
	var state CommandOutputs
	if err := kind.Decode(olds, &state); err != nil {
		return err
	}
	return command.Delete(ctx, op, olds, state.Inputs, state.Output, runCommand)
}

func runCommand(
	ctx context.Context, op kind.Operation, props resource.PropertyMap, job command.Job,
) (command.Output, error) {
	var inputs CommandInputs
	if err := kind.Decode(props, &inputs); err != nil {
		return command.Output{}, err
	}
	words := inputs.Interpreter
	if len(words) == 0 {
		words = []string{"/bin/sh", "-c"}
	}
	words = append(words, job.Text)
	process := exec.CommandContext(ctx, words[0], words[1:]...)
	if inputs.Dir != nil {
		process.Dir = *inputs.Dir
	}
	process.Env = os.Environ()
	for _, variables := range []map[string]string{job.Environment, job.Previous} {
		for name, value := range variables {
			process.Env = append(process.Env, name+"="+value)
		}
	}
	// A group of its own, so that what the shell started ends with it.
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	process.Cancel = func() error { return signalGroup(process, syscall.SIGTERM) }
	process.WaitDelay = endingGrace
	process.Stdin = strings.NewReader(job.Stdin)
	capture := command.NewCapture(job, op.Live)
	process.Stdout, process.Stderr = capture.Stdout, capture.Stderr
	err := enterable(process.Dir)
	if err == nil {
		err = process.Run()
	}
	if ctx.Err() != nil && process.Process != nil {
		_ = signalGroup(process, syscall.SIGKILL)
	}
	return capture.Finish(ctx, err)
}

// enterable says what is wrong with a directory. Started in a group of its own, a process blames its interpreter instead.
func enterable(directory string) error {
	if directory == "" {
		return nil
	}
	_, err := os.Stat(directory)
	if fault, ok := errors.AsType[*os.PathError](err); ok {
		return &os.PathError{Op: "chdir", Path: directory, Err: fault.Err}
	}
	return err
}

func signalGroup(process *exec.Cmd, signal syscall.Signal) error {
	err := syscall.Kill(-process.Process.Pid, signal)
	if errors.Is(err, syscall.ESRCH) {
		return os.ErrProcessDone
	}
	return err
}
