// Package engine is the plugin's way back to the Pulumi engine: log messages, and the news that the engine is gone.
package engine

import (
	"context"
	"fmt"
	"strings"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
)

// Severity of a message, in the engine's own terms.
type Severity = pulumirpc.LogSeverity

// The severities that are in use.
const (
	Debug   = pulumirpc.LogSeverity_DEBUG
	Info    = pulumirpc.LogSeverity_INFO
	Warning = pulumirpc.LogSeverity_WARNING
	Error   = pulumirpc.LogSeverity_ERROR
)

// Host is a connection to the engine that started this plugin.
type Host struct {
	conn   *grpc.ClientConn
	client pulumirpc.EngineClient
}

// Connect starts connecting to the engine at address ("host:port") and does not wait for it.
func Connect(address string) (*Host, error) {
	conn, err := grpc.NewClient("passthrough:///"+address,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		// An idle connection must stay open: its loss is how the end of the engine is noticed.
		grpc.WithIdleTimeout(0))
	if err != nil {
		return nil, fmt.Errorf("cannot reach the Pulumi engine at %q: %w", address, err)
	}
	conn.Connect()
	return &Host{conn: conn, client: pulumirpc.NewEngineClient(conn)}, nil
}

// Log shows a message beside the resource urn, or beside the stack when urn is empty. An ephemeral message is shown
// while the operation runs and not repeated at the end. A message that cannot be delivered is dropped: logging never
// fails an operation.
func (h *Host) Log(ctx context.Context, severity Severity, urn, message string, ephemeral bool) {
	_, _ = h.client.Log(ctx, &pulumirpc.LogRequest{
		Severity:  severity,
		Message:   strings.ToValidUTF8(message, "\uFFFD"), // invalid UTF-8 cannot be sent
		Urn:       urn,
		Ephemeral: ephemeral,
	})
}

// WaitUntilGone returns when an engine that was once reached does not listen any more.
func (h *Host) WaitUntilGone() {
	ctx := context.Background()
	reached := false
	for state := h.conn.GetState(); ; state = h.conn.GetState() {
		switch state {
		case connectivity.Ready:
			reached = true
		case connectivity.Idle:
			h.conn.Connect()
		case connectivity.TransientFailure:
			if reached {
				return
			}
		case connectivity.Shutdown:
			return
		case connectivity.Connecting:
		}
		h.conn.WaitForStateChange(ctx, state)
	}
}
