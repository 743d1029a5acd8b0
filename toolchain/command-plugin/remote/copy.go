package remote

import (
	"context"
	"errors"
	"fmt"

	"github.com/pkg/sftp"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"
	"golang.org/x/crypto/ssh"

	"logos/command-plugin/engine"
	"logos/command-plugin/kind"
)

// CopyToRemoteInputs are the inputs of a copy. A Source is an asset or an archive.
type CopyToRemoteInputs struct {
	Connection Connection `pulumi:"connection"`
	Source     any        `pulumi:"source"`
	RemotePath string     `pulumi:"remotePath"`
	Triggers   []any      `pulumi:"triggers,optional"`
}

// CopyToRemote is the kind command:remote:CopyToRemote: a file, a text or a folder put on another machine.
type CopyToRemote struct{}

// NewInputs implements kind.Kind.
func (CopyToRemote) NewInputs() any { return &CopyToRemoteInputs{} }

// Complete implements kind.Kind. It refuses sources that are not one file, one text or one folder of this machine.
func (CopyToRemote) Complete(inputs resource.PropertyMap) (resource.PropertyMap, []kind.Failure) {
	if failure := sourceFailure(inputs["source"]); failure != nil {
		return inputs, []kind.Failure{*failure}
	}
	return completeConnection(inputs)
}

func sourceFailure(source resource.PropertyValue) *kind.Failure {
	source = withoutSecrets(source)
	switch {
	case source.IsAsset():
		if file := source.AssetValue(); !file.IsPath() && !file.IsText() {
			return &kind.Failure{Property: "asset", Reason: "asset must be a path-based file asset or a text asset"}
		}
	case source.IsArchive():
		if !source.ArchiveValue().IsPath() {
			return &kind.Failure{Property: "archive", Reason: "archive must be a path to a file or directory"}
		}
	default:
		return &kind.Failure{Property: "source", Reason: "either asset or archive must be set"}
	}
	return nil
}

// Create implements kind.Kind. In a preview the identity and the source are not known.
func (CopyToRemote) Create(
	ctx context.Context, op kind.Operation, _ string, inputs resource.PropertyMap,
) (string, resource.PropertyMap, error) {
	if op.Preview {
		outputs := inputs.Copy()
		outputs["source"] = resource.MakeComputed(resource.NewStringProperty(""))
		return "", outputs, nil
	}
	id, err := resource.NewUniqueHex("", 8, 0)
	if err != nil {
		return "", nil, err
	}
	return id, inputs, copyToRemote(ctx, op, inputs)
}

// Update implements kind.Kind. It copies again only if the content or the path changed: a new connection alone copies
// nothing.
func (CopyToRemote) Update(
	ctx context.Context, op kind.Operation, olds, inputs resource.PropertyMap,
) (resource.PropertyMap, error) {
	same := inputs["source"].DeepEquals(olds["source"]) && inputs["remotePath"].DeepEquals(olds["remotePath"])
	if op.Preview || same {
		return inputs, nil
	}
	return inputs, copyToRemote(ctx, op, inputs)
}

// Delete implements kind.Kind. What was copied stays.
func (CopyToRemote) Delete(context.Context, kind.Operation, resource.PropertyMap) error { return nil }

func copyToRemote(ctx context.Context, op kind.Operation, props resource.PropertyMap) error {
	var inputs CopyToRemoteInputs
	if err := kind.Decode(props, &inputs); err != nil {
		return err
	}
	err := dial(ctx, inputs.Connection, op.Live, func(client *ssh.Client) error {
		files, err := sftp.NewClient(client, sftp.UseConcurrentWrites(true))
		if err != nil {
			return err
		}
		defer func() { _ = files.Close() }()
		upload := upload{ctx: ctx, files: files, log: func(path, from string) {
			op.Log(engine.Debug, fmt.Sprintf("Creating file: %s:%s from %s", inputs.Connection.Host, path, from))
		}}
		switch source := inputs.Source.(type) {
		case asset.Asset:
			if source.IsText() {
				return upload.text(source.Text, inputs.RemotePath)
			}
			return upload.path(source.Path, inputs.RemotePath)
		case archive.Archive:
			return upload.path(source.Path, inputs.RemotePath)
		default:
			return errors.New("either asset or archive must be set")
		}
	})
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("%w: copying to %s:%s", context.Cause(ctx), inputs.Connection.Host, inputs.RemotePath)
	}
	return err
}
