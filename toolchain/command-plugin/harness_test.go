package main

import (
	"context"
	"net"
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"
	"google.golang.org/protobuf/types/known/structpb"

	"logos/command-plugin/engine"
	"logos/command-plugin/provider"
	"logos/command-plugin/sshtest"
)

const (
	remoteCommand = "command:remote:Command"
	copyToRemote  = "command:remote:CopyToRemote"
	localCommand  = "command:local:Command"
)

type (
	object = resource.PropertyMap
	value  = resource.PropertyValue
)

// harness is the plugin behind real gRPC, and an engine that keeps what it is told.
type harness struct {
	pulumirpc.UnimplementedEngineServer
	t      *testing.T
	client pulumirpc.ResourceProviderClient

	mu   sync.Mutex
	logs []*pulumirpc.LogRequest
}

func newHarness(t *testing.T) *harness {
	t.Helper()
	t.Setenv("SSH_AUTH_SOCK", "") // an agent of whoever runs the tests is none of their business
	h := &harness{t: t}
	engineServer := grpc.NewServer()
	pulumirpc.RegisterEngineServer(engineServer, h)
	host, err := engine.Connect(listen(t, engineServer))
	must(t, err)
	pluginServer := grpc.NewServer()
	pulumirpc.RegisterResourceProviderServer(pluginServer, provider.New(host, kinds))
	conn, err := grpc.NewClient(listen(t, pluginServer), grpc.WithTransportCredentials(insecure.NewCredentials()))
	must(t, err)
	h.client = pulumirpc.NewResourceProviderClient(conn)
	return h
}

func listen(t *testing.T, server *grpc.Server) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return listener.Addr().String()
}

// Log implements the engine.
func (h *harness) Log(_ context.Context, request *pulumirpc.LogRequest) (*emptypb.Empty, error) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.logs = append(h.logs, request)
	return &emptypb.Empty{}, nil
}

// live returns the lines shown live so far.
func (h *harness) live() []string {
	var lines []string
	for _, message := range h.messages(func(m *pulumirpc.LogRequest) bool { return m.GetEphemeral() }) {
		lines = append(lines, strings.Split(message, "\n")...)
	}
	return lines
}

func (h *harness) messages(wanted func(*pulumirpc.LogRequest) bool) []string {
	h.mu.Lock()
	defer h.mu.Unlock()
	var messages []string
	for _, message := range h.logs {
		if wanted(message) {
			messages = append(messages, message.GetMessage())
		}
	}
	return messages
}

func (h *harness) check(token string, inputs object) (object, []*pulumirpc.CheckFailure) {
	h.t.Helper()
	response, err := h.client.Check(h.t.Context(), &pulumirpc.CheckRequest{Urn: urnOf(token), News: h.marshal(inputs)})
	must(h.t, err)
	return h.unmarshal(response.GetInputs()), response.GetFailures()
}

// checked returns inputs as they come out of Check, which must accept them.
func (h *harness) checked(token string, inputs object) object {
	h.t.Helper()
	result, failures := h.check(token, inputs)
	if len(failures) > 0 {
		h.t.Fatalf("Check refused: %v", failures)
	}
	return result
}

func (h *harness) diff(token string, olds, news object) *pulumirpc.DiffResponse {
	h.t.Helper()
	response, err := h.client.Diff(h.t.Context(), &pulumirpc.DiffRequest{
		Urn: urnOf(token), Id: "id", Olds: h.marshal(olds), OldInputs: h.marshal(olds), News: h.marshal(news),
	})
	must(h.t, err)
	return response
}

func (h *harness) create(token string, inputs object) (object, error) {
	response, err := h.client.Create(h.t.Context(), &pulumirpc.CreateRequest{
		Urn: urnOf(token), Properties: h.marshal(h.checked(token, inputs)),
	})
	return h.unmarshal(response.GetProperties()), err
}

// created returns the state of a resource, which must come about.
func (h *harness) created(token string, inputs object) object {
	h.t.Helper()
	state, err := h.create(token, inputs)
	must(h.t, err)
	return state
}

func (h *harness) update(token string, olds, inputs object, preview bool) (object, error) {
	h.t.Helper()
	response, err := h.client.Update(h.t.Context(), &pulumirpc.UpdateRequest{
		Urn: urnOf(token), Id: "id", Olds: h.marshal(olds), News: h.marshal(h.checked(token, inputs)), Preview: preview,
	})
	return h.unmarshal(response.GetProperties()), err
}

func (h *harness) delete(token string, state object) error {
	h.t.Helper()
	_, err := h.client.Delete(h.t.Context(), &pulumirpc.DeleteRequest{
		Urn: urnOf(token), Id: "id", Properties: h.marshal(state),
	})
	return err
}

var onWire = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepOutputValues: true}

func (h *harness) marshal(props object) *structpb.Struct {
	h.t.Helper()
	encoded, err := plugin.MarshalProperties(props, onWire)
	must(h.t, err)
	return encoded
}

func (h *harness) unmarshal(encoded *structpb.Struct) object {
	h.t.Helper()
	props, err := plugin.UnmarshalProperties(encoded, onWire)
	must(h.t, err)
	return props
}

func urnOf(token string) string { return "urn:pulumi:stack::project::" + token + "::name" }

// to is a connection to server, with further fields.
func to(server *sshtest.Server, more ...object) object {
	connection := object{
		"host": str("127.0.0.1"), "port": num(server.Port), "user": str(server.User),
		"privateKey": str(server.PrivateKey), "hostKey": str(server.HostKey), "dialErrorLimit": num(1),
	}
	for _, fields := range more {
		for key, field := range fields {
			if field.IsNull() {
				delete(connection, key)
			} else {
				connection[key] = field
			}
		}
	}
	return connection
}

// on is the inputs of a command on server.
func on(server *sshtest.Server, more object) object {
	inputs := object{"connection": obj(to(server))}
	for key, field := range more {
		inputs[key] = field
	}
	return inputs
}

func str(text string) value     { return resource.NewStringProperty(text) }
func num(number int) value      { return resource.NewNumberProperty(float64(number)) }
func flag(on bool) value        { return resource.NewBoolProperty(on) }
func obj(fields object) value   { return resource.NewObjectProperty(fields) }
func list(items ...value) value { return resource.NewArrayProperty(items) }
func secret(hidden value) value { return resource.MakeSecret(hidden) }
func unknown() value            { return resource.MakeComputed(str("")) }
func null() value               { return resource.NewNullProperty() }
func text(props object, key resource.PropertyKey) string {
	if value, has := props[key]; has && value.IsString() {
		return value.StringValue()
	}
	return "no string: " + props[key].String()
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// wantError compares what the engine would print.
func wantError(t *testing.T, err error, want string) {
	t.Helper()
	if got := status.Convert(err).Message(); err == nil || got != want {
		t.Errorf("error\n got %q\nwant %q", got, want)
	}
}

func wantText(t *testing.T, what, got, want string) {
	t.Helper()
	if got != want {
		t.Errorf("%s\n got %q\nwant %q", what, got, want)
	}
}
