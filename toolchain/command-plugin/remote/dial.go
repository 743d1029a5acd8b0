package remote

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/retry"
	"golang.org/x/crypto/ssh"

	"logos/command-plugin/engine"
)

// handshakeFloor is the least time that a server gets for the SSH handshake. The per-dial timeout bounds the TCP
// connection alone in the official plugin, so a short one must not cut off a slow server; but a server that never
// answers must not hold the operation for ever either.
const handshakeFloor = defaultPerDialTimeout * time.Second

// endingGrace is how long a cancelled operation has to end by itself before its connection is closed.
const endingGrace = 2 * time.Second

// dialer makes one connection at a time, as a Connection describes it.
type dialer struct {
	connection     Connection
	live           *engine.Live
	handshakeFloor time.Duration

	login, proxyLogin *login
	proxy             *ssh.Client // nil until it is needed, and again after it was lost
}

// dial connects to the server and calls use with the client. Once ctx is done the connection stays for endingGrace.
func dial(ctx context.Context, connection Connection, live *engine.Live, use func(*ssh.Client) error) error {
	d := &dialer{connection: connection, live: live, handshakeFloor: handshakeFloor}
	return d.dial(ctx, use)
}

func (d *dialer) dial(ctx context.Context, use func(*ssh.Client) error) (err error) {
	if d.login, err = newLogin(d.connection.Endpoint); err != nil {
		return err
	}
	defer d.login.Close()
	client, err := d.connect(ctx)
	defer d.dropProxy()
	if err != nil {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		return err
	}
	defer func() { _ = client.Close() }()
	stop := context.AfterFunc(ctx, func() { time.AfterFunc(endingGrace, func() { _ = client.Close() }) })
	defer stop()
	return use(client)
}

func (d *dialer) connect(ctx context.Context) (*ssh.Client, error) {
	target := d.connection.Endpoint
	if d.connection.Proxy == nil {
		return d.retry(ctx, "Dial", target, func() (*ssh.Client, error) { return d.direct(ctx, target, d.login) })
	}
	var err error
	if d.proxyLogin, err = newLogin(d.connection.Proxy.Endpoint); err != nil {
		return nil, err
	}
	defer d.proxyLogin.Close()
	if err := d.connectProxy(ctx); err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	client, err := d.retry(ctx, "Dial from proxy", target, func() (*ssh.Client, error) { return d.throughProxy(ctx) })
	if err != nil {
		return nil, fmt.Errorf("proxy: %w", err)
	}
	return client, nil
}

func (d *dialer) connectProxy(ctx context.Context) (err error) {
	proxy := d.connection.Proxy.Endpoint
	d.proxy, err = d.retry(ctx, "Dial proxy", proxy, func() (*ssh.Client, error) {
		return d.direct(ctx, proxy, d.proxyLogin)
	})
	return err
}

// direct makes one attempt to reach e.
func (d *dialer) direct(ctx context.Context, e Endpoint, l *login) (*ssh.Client, error) {
	conn, err := (&net.Dialer{Timeout: e.perDialTimeout()}).DialContext(ctx, "tcp", e.address())
	if err != nil {
		return nil, err
	}
	return d.handshake(ctx, conn, e, l)
}

// throughProxy makes one attempt to reach the target from the proxy, over a channel of its own. A proxy that went away
// in the meantime is connected again, so that waiting for a target outlives a restart of its proxy.
func (d *dialer) throughProxy(ctx context.Context) (*ssh.Client, error) {
	if d.proxy == nil {
		if err := d.connectProxy(ctx); err != nil {
			return nil, err
		}
	}
	target := d.connection.Endpoint
	opening, cancel := ctx, context.CancelFunc(func() {})
	if timeout := target.perDialTimeout(); timeout > 0 {
		opening, cancel = context.WithTimeout(ctx, timeout)
	}
	defer cancel()
	conn, err := d.proxy.DialContext(opening, "tcp", target.address())
	if err != nil {
		if _, refused := errors.AsType[*ssh.OpenChannelError](err); !refused && opening.Err() == nil {
			d.dropProxy()
		}
		return nil, err
	}
	return d.handshake(ctx, conn, target, d.login)
}

func (d *dialer) dropProxy() {
	if d.proxy != nil {
		_ = d.proxy.Close()
		d.proxy = nil
	}
}

// handshake makes conn an SSH connection, in bounded time.
func (d *dialer) handshake(ctx context.Context, conn net.Conn, e Endpoint, l *login) (*ssh.Client, error) {
	limit := max(e.perDialTimeout(), d.handshakeFloor)
	bounded, release := context.WithTimeoutCause(ctx, limit, fmt.Errorf("ssh: handshake timed out after %v", limit))
	defer release()
	// Closing works on any connection; one that runs through a proxy knows no deadlines.
	keep := context.AfterFunc(bounded, func() { _ = conn.Close() })
	sshConn, channels, requests, err := ssh.NewClientConn(conn, e.address(), &l.config)
	if !keep() {
		_ = conn.Close()
		return nil, context.Cause(bounded)
	}
	if err != nil {
		_ = conn.Close()
		return nil, err
	}
	return ssh.NewClient(sshConn, channels, requests), nil
}

// retry attempts until it works, dialErrorLimit+1 times at most, or for ever where the limit is negative. The pauses
// are 100 ms, growing by a half each time, up to 5 s.
func (d *dialer) retry(
	ctx context.Context, label string, e Endpoint, attempt func() (*ssh.Client, error),
) (*ssh.Client, error) {
	limit := e.dialErrorLimit()
	var client *ssh.Client
	done, _, err := retry.Until(ctx, retry.Acceptor{Accept: func(try int, _ time.Duration) (bool, any, error) {
		var err error
		if client, err = attempt(); err == nil {
			return true, nil, nil
		}
		if ctx.Err() != nil {
			return false, nil, context.Cause(ctx)
		}
		shown := "inf"
		if limit >= 0 {
			if try >= limit {
				return false, nil, fmt.Errorf("after %d failed attempts: %w", limit, err)
			}
			shown = fmt.Sprint(limit)
		}
		d.live.Line(fmt.Sprintf("%s %d/%s failed: retrying", label, try+1, shown))
		return false, nil, nil
	}})
	if err == nil && !done {
		err = context.Cause(ctx)
	}
	return client, err
}
