package remote

import (
	"context"
	"net"
	"testing"
	"time"

	"golang.org/x/crypto/ssh"

	"logos/command-plugin/sshtest"
)

// The official plugin waits for a server that accepts and then never answers for ever.
func TestSilentServers(t *testing.T) {
	proxy := sshtest.Start(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	connections := make(chan net.Conn, 2) // kept open
	go func() {
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			connections <- conn
		}
	}()
	port := func(number int) *float64 { float := float64(number); return &float }
	limit := 0
	silent := Connection{Endpoint: Endpoint{
		Host: "127.0.0.1", Port: port(listener.Addr().(*net.TCPAddr).Port), DialErrorLimit: &limit, PerDialTimeout: new(int),
	}}
	behind := silent
	behind.Proxy = &ProxyConnection{Endpoint{Host: "127.0.0.1", Port: port(proxy.Port), PrivateKey: &proxy.PrivateKey}}
	for want, connection := range map[string]Connection{
		"after 0 failed attempts: ssh: handshake timed out after 300ms":        silent,
		"proxy: after 0 failed attempts: ssh: handshake timed out after 300ms": behind,
	} {
		begin := time.Now()
		d := &dialer{connection: connection, handshakeFloor: 300 * time.Millisecond}
		err := d.dial(context.Background(), func(*ssh.Client) error { return nil })
		if err == nil || err.Error() != want {
			t.Errorf("got %v, want %s", err, want)
		}
		if took := time.Since(begin); took > 5*time.Second {
			t.Errorf("took %v", took)
		}
	}
}
