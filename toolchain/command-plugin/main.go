// Command plugin stands in for pulumi-resource-command 1.2.1 where the official plugin cannot be downloaded.
//
// The Pulumi engine starts it with the engine's address as its only argument, reads the port that it serves from
// the first line of its output, and speaks the provider protocol with it.
package main

import (
	"fmt"
	"net"
	"os"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/grpc"

	"logos/command-plugin/engine"
	"logos/command-plugin/kind"
	"logos/command-plugin/local"
	"logos/command-plugin/provider"
	"logos/command-plugin/remote"
)

const (
	// maxMessage is the engine's own limit for one message, in bytes; gRPC's default of 4 MiB is too small for outputs.
	maxMessage = 400 << 20
	// endingGrace is how long operations may take to end their commands once the engine is gone.
	endingGrace = 5 * time.Second
)

var kinds = map[string]kind.Kind{
	"command:remote:Command":      remote.Command{},
	"command:remote:CopyToRemote": remote.CopyToRemote{},
	"command:local:Command":       local.Command{},
}

func main() {
	if err := serve(os.Args[1:]); err != nil {
		fmt.Fprintln(os.Stderr, "pulumi-resource-command:", err)
		os.Exit(1)
	}
}

func serve(args []string) error {
	if len(args) != 1 {
		return fmt.Errorf("want one argument, the address of the Pulumi engine, got %d: the engine starts this plugin, people do not",
			len(args))
	}
	host, err := engine.Connect(args[0])
	if err != nil {
		return err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	plugin := provider.New(host, kinds)
	server := grpc.NewServer(grpc.MaxRecvMsgSize(maxMessage), grpc.MaxSendMsgSize(maxMessage))
	pulumirpc.RegisterResourceProviderServer(server, plugin)

	// A killed engine sends no Cancel: without this the plugin, and what it runs, would outlive it.
	go func() {
		host.WaitUntilGone()
		plugin.CancelAll()
		time.AfterFunc(endingGrace, server.Stop)
		server.GracefulStop()
	}()

	fmt.Println(listener.Addr().(*net.TCPAddr).Port)
	return server.Serve(listener)
}
