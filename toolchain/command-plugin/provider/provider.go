// Package provider speaks the Pulumi provider protocol for a set of resource kinds.
package provider

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"logos/command-plugin/engine"
	"logos/command-plugin/kind"
)

const (
	// version is the release of the official plugin that this one stands in for.
	version = "1.2.1"
	// notice is shown on every run: a stand-in must not be mistaken for the official plugin.
	notice = "command " + version + ": stand-in built from this repository (toolchain/command-plugin), " +
		"the official plugin could not be downloaded"
	// frameworkKey and frameworkVersion are what the official plugin leaves in the state of its provider resource.
	// The same entry keeps that resource unchanged when one plugin takes over from the other.
	frameworkKey     = "__pulumi-go-provider-version"
	frameworkVersion = "1.2.0"
)

// Provider serves the Pulumi provider protocol. What it does not implement is refused as unimplemented.
type Provider struct {
	pulumirpc.UnimplementedResourceProviderServer
	host      *engine.Host
	kinds     map[string]kind.Kind
	running   context.Context
	cancelAll context.CancelFunc
}

// New returns a provider of kinds, by type token.
func New(host *engine.Host, kinds map[string]kind.Kind) *Provider {
	running, cancel := context.WithCancel(context.Background())
	return &Provider{host: host, kinds: kinds, running: running, cancelAll: cancel}
}

// CancelAll ends what is running, and refuses what would start.
func (p *Provider) CancelAll() { p.cancelAll() }

// GetPluginInfo names the release that this plugin stands in for.
func (p *Provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: version}, nil
}

// CheckConfig accepts every configuration.
func (p *Provider) CheckConfig(_ context.Context, req *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	inputs := req.GetNews()
	if inputs == nil {
		inputs = &structpb.Struct{}
	}
	if inputs.Fields == nil {
		inputs.Fields = map[string]*structpb.Value{}
	}
	inputs.Fields[frameworkKey] = structpb.NewStringValue(frameworkVersion)
	return &pulumirpc.CheckResponse{Inputs: inputs}, nil
}

// Configure says that this plugin stands in for the official one.
func (p *Provider) Configure(ctx context.Context, _ *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	p.host.Log(ctx, engine.Info, "", notice, false)
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets: true, SupportsPreview: true, AcceptResources: true, AcceptOutputs: true,
	}, nil
}

// Cancel ends what is running at once.
func (p *Provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	p.CancelAll()
	return &emptypb.Empty{}, nil
}

// Create makes a resource.
func (p *Provider) Create(ctx context.Context, req *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	resourceKind, name, err := p.kindOf(req.GetUrn())
	if err != nil {
		return nil, err
	}
	inputs, err := read(req.GetProperties())
	if err != nil {
		return nil, err
	}
	ctx, end := p.begin(ctx, req.GetTimeout())
	defer end()
	id, outputs, err := resourceKind.Create(ctx, p.operation(ctx, req.GetUrn(), req.GetPreview()), name, inputs)
	if err != nil {
		return nil, failed(err)
	}
	properties, err := write(outputs)
	return &pulumirpc.CreateResponse{Id: id, Properties: properties}, err
}

// Read returns what it is given: there is nothing to look at that would not run a command.
func (p *Provider) Read(_ context.Context, req *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	if _, _, err := p.kindOf(req.GetUrn()); err != nil {
		return nil, err
	}
	return &pulumirpc.ReadResponse{Id: req.GetId(), Properties: req.GetProperties(), Inputs: req.GetInputs()}, nil
}

// Update changes a resource in place.
func (p *Provider) Update(ctx context.Context, req *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	resourceKind, _, err := p.kindOf(req.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := read(req.GetOlds())
	if err != nil {
		return nil, err
	}
	inputs, err := read(req.GetNews())
	if err != nil {
		return nil, err
	}
	ctx, end := p.begin(ctx, req.GetTimeout())
	defer end()
	outputs, err := resourceKind.Update(ctx, p.operation(ctx, req.GetUrn(), req.GetPreview()), olds, inputs)
	if err != nil {
		return nil, failed(err)
	}
	properties, err := write(outputs)
	return &pulumirpc.UpdateResponse{Properties: properties}, err
}

// Delete ends a resource.
func (p *Provider) Delete(ctx context.Context, req *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	resourceKind, _, err := p.kindOf(req.GetUrn())
	if err != nil {
		return nil, err
	}
	olds, err := read(req.GetProperties())
	if err != nil {
		return nil, err
	}
	ctx, end := p.begin(ctx, req.GetTimeout())
	defer end()
	if err := resourceKind.Delete(ctx, p.operation(ctx, req.GetUrn(), false), olds); err != nil {
		return nil, failed(err)
	}
	return &emptypb.Empty{}, nil
}

// Invoke refuses every function: the official plugin has one, local.run, which this stand-in does not serve.
func (p *Provider) Invoke(_ context.Context, req *pulumirpc.InvokeRequest) (*pulumirpc.InvokeResponse, error) {
	return nil, notServed("Invoke", req.GetTok())
}

// kindOf returns the kind and the name of the resource at address.
func (p *Provider) kindOf(address string) (kind.Kind, string, error) {
	parsed, err := urn.Parse(address)
	if err != nil {
		return nil, "", status.Error(codes.InvalidArgument, err.Error())
	}
	token := string(parsed.Type())
	if found, has := p.kinds[token]; has {
		return found, parsed.Name(), nil
	}
	return nil, "", notServed("Resource", token)
}

// onlyOfficial are the members of the official plugin that this one leaves out.
var onlyOfficial = []string{"command:remote:CopyFile", "command:local:run"}

func notServed(what, token string) error {
	short := strings.TrimPrefix(token, "command:")
	if slices.Contains(onlyOfficial, token) {
		return status.Errorf(codes.Unimplemented,
			"%s '%s' exists in the official command plugin only: install that plugin, or do without it", what, short)
	}
	return status.Errorf(codes.NotFound, "%s '%s' not found", what, short)
}

// begin bounds an operation by the engine's request, by Cancel, and by its timeout in seconds, where 0 is none.
func (p *Provider) begin(ctx context.Context, timeout float64) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancelCause(ctx)
	stop := context.AfterFunc(p.running, func() { cancel(kind.ErrCancelled) })
	end := func() { stop(); cancel(nil) }
	if timeout <= 0 {
		return ctx, end
	}
	limit := time.Duration(timeout * float64(time.Second))
	bounded, release := context.WithTimeoutCause(ctx, limit, fmt.Errorf("timed out after %v", limit))
	return bounded, func() { release(); end() }
}

func (p *Provider) operation(ctx context.Context, urn string, preview bool) kind.Operation {
	return kind.Operation{
		Preview: preview,
		Live:    p.host.NewLive(ctx, urn),
		Log:     func(severity engine.Severity, message string) { p.host.Log(ctx, severity, urn, message, false) },
	}
}

// failed gives an error its gRPC code: deadline exceeded for timeouts of any sort, else unknown.
func failed(err error) error { return status.FromContextError(err).Err() }
