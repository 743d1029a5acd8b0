package main

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/pem"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"golang.org/x/crypto/ssh"

	"logos/command-plugin/sshtest"
)

func TestConnecting(t *testing.T) {
	server := sshtest.Start(t)
	private, public := sshtest.NewKey(t)
	encrypted := encryptedKey(t, "pass")
	password := object{"privateKey": null(), "password": str(server.Password)}
	const handshake = "after 1 failed attempts: ssh: handshake failed: ssh: "
	for name, test := range map[string]struct {
		change object
		want   string
	}{
		"key":                     {object{}, ""},
		"key with CRLF":           {object{"privateKey": str(strings.ReplaceAll(server.PrivateKey, "\n", "\r\n"))}, ""},
		"fraction of a port":      {object{"port": fraction(server.Port)}, ""},
		"password":                {password, ""},
		"wrong key, password":     {object{"privateKey": str(private), "password": str(server.Password)}, ""},
		"no host key":             {object{"hostKey": null()}, ""},
		"host key of known_hosts": {object{"hostKey": str("some.host " + server.HostKey + public)}, ""},
		"wrong host key":          {object{"hostKey": str(public)}, handshake + "host key mismatch"},
		"host key is garbage":     {object{"hostKey": str("garbage")}, "failed to parse host key: ssh: no key found"},
		"host key is empty":       {object{"hostKey": str("")}, "failed to parse host key: ssh: no key found"},
		"wrong key": {object{"privateKey": str(private)},
			handshake + "unable to authenticate, attempted methods [none publickey], no supported methods remain"},
		"unknown user": {object{"user": str("nobody")},
			handshake + "unable to authenticate, attempted methods [none publickey], no supported methods remain"},
		"wrong password": {object{"privateKey": null(), "password": str("wrong")},
			handshake + "unable to authenticate, attempted methods [none password], no supported methods remain"},
		"nothing to log in with": {object{"privateKey": null()},
			handshake + "unable to authenticate, attempted methods [none], no supported methods remain"},
		"garbage key":   {object{"privateKey": str("garbage")}, "ssh: no key found"},
		"encrypted key": {object{"privateKey": str(encrypted)}, "ssh: this private key is passphrase protected"},
		"wrong passphrase": {object{"privateKey": str(encrypted), "privateKeyPassword": str("no")},
			"x509: decryption password incorrect"},
		"passphrase on a plain key": {object{"privateKeyPassword": str("pass")}, "ssh: key is not password protected"},
		"no agent": {object{"agentSocketPath": str("/nonexistent/agent")},
			"dial unix /nonexistent/agent: connect: no such file or directory"},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := newHarness(t).create(remoteCommand,
				object{"connection": obj(to(server, test.change)), "create": str("true")})
			if test.want == "" {
				must(t, err)
			} else {
				wantError(t, err, test.want)
			}
			if err != nil && strings.Contains(err.Error(), "PRIVATE KEY") {
				t.Error("the error holds a private key")
			}
		})
	}
}

func fraction(port int) value { return resource.NewNumberProperty(float64(port) + 0.5) }

func encryptedKey(t *testing.T, passphrase string) string {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	block, err := ssh.MarshalPrivateKeyWithPassphrase(key, "", []byte(passphrase))
	must(t, err)
	return string(pem.EncodeToMemory(block))
}

func TestHostKeyOfATypeThatTheServerLacks(t *testing.T) {
	server := sshtest.Start(t)
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	must(t, err)
	public, err := ssh.NewPublicKey(&key.PublicKey)
	must(t, err)
	connection := to(server, object{"hostKey": str(string(ssh.MarshalAuthorizedKey(public)))})
	_, err = newHarness(t).create(remoteCommand, object{"connection": obj(connection), "create": str("true")})
	const want = "after 1 failed attempts: ssh: handshake failed: ssh: no common algorithm for host key; we offered: [\"ssh-rsa\"], peer offered: ["
	if err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v", err)
	}
}

func TestRetries(t *testing.T) {
	for limit, least := range map[int]time.Duration{0: 0, 1: 100 * time.Millisecond, 3: 475 * time.Millisecond} {
		t.Run(fmt.Sprint("limit ", limit), func(t *testing.T) {
			h := newHarness(t)
			port := closedPort(t)
			begin := time.Now()
			_, err := h.create(remoteCommand, object{"create": str("x"), "connection": obj(object{
				"host": str("127.0.0.1"), "port": num(port), "dialErrorLimit": num(limit),
			})})
			took := time.Since(begin)
			wantError(t, err, fmt.Sprintf("after %d failed attempts: dial tcp 127.0.0.1:%d: connect: connection refused", limit, port))
			if took < least || took > least+3*time.Second {
				t.Errorf("took %v, want at least %v", took, least)
			}
			var want []string
			for try := 1; try <= limit; try++ {
				want = append(want, fmt.Sprintf("Dial %d/%d failed: retrying", try, limit))
			}
			if shown := h.live(); !slices.Equal(shown, want) {
				t.Errorf("shown %q", shown)
			}
		})
	}
}

func TestDialTimeoutBelowZeroIsImmediate(t *testing.T) {
	_, err := newHarness(t).create(remoteCommand, object{"create": str("x"), "connection": obj(object{
		"host": str("127.0.0.1"), "port": num(1), "dialErrorLimit": num(0), "perDialTimeout": num(-1),
	})})
	wantError(t, err, "after 0 failed attempts: dial tcp 127.0.0.1:1: i/o timeout")
}

func closedPort(t *testing.T) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}

// forEachProxy is forEachServer with a proxy in front of the server.
func forEachProxy(t *testing.T, forbid bool, test func(t *testing.T, proxy, server *sshtest.Server)) {
	t.Run("in-process", func(t *testing.T) {
		proxy, server := sshtest.Start(t), sshtest.Start(t)
		proxy.Forbid = forbid
		test(t, proxy, server)
	})
	if sshtest.HasOpenSSH() {
		settings := ""
		if forbid {
			settings = "AllowTcpForwarding no"
		}
		t.Run("OpenSSH", func(t *testing.T) {
			test(t, sshtest.StartOpenSSH(t, settings), sshtest.StartOpenSSH(t, ""))
		})
	}
}

func through(proxy, server *sshtest.Server, change, proxyChange object) object {
	return object{
		"connection": obj(to(server, change, object{"proxy": obj(to(proxy, proxyChange))})), "create": str("echo hi"),
	}
}

func TestProxy(t *testing.T) {
	forEachProxy(t, false, func(t *testing.T, proxy, server *sshtest.Server) {
		_, other := sshtest.NewKey(t)
		refused := closedPort(t)
		const handshake = "proxy: after 1 failed attempts: ssh: handshake failed: "
		for name, test := range map[string]struct {
			change, proxyChange object
			want, live          string
		}{
			"works":                    {},
			"wrong host key of proxy":  {nil, object{"hostKey": str(other)}, handshake + "ssh: host key mismatch", "Dial proxy 1/1 failed: retrying"},
			"wrong host key of target": {object{"hostKey": str(other)}, nil, handshake + "ssh: host key mismatch", "Dial from proxy 1/1 failed: retrying"},
			"proxy refuses": {nil, object{"port": num(refused)},
				fmt.Sprintf("proxy: after 1 failed attempts: dial tcp 127.0.0.1:%d: connect: connection refused", refused), "Dial proxy 1/1 failed: retrying"},
			"target refuses": {object{"port": num(refused), "dialErrorLimit": num(2)}, nil,
				"proxy: after 2 failed attempts: ssh: rejected: connect failed (\"Connection refused\")",
				"Dial from proxy 1/2 failed: retrying|Dial from proxy 2/2 failed: retrying"},
		} {
			t.Run(name, func(t *testing.T) {
				h := newHarness(t)
				state, err := h.create(remoteCommand, through(proxy, server, test.change, test.proxyChange))
				if test.want == "" {
					must(t, err)
					wantText(t, "stdout", text(state, "stdout"), "hi")
					return
				}
				wantError(t, err, test.want)
				wantText(t, "live", strings.Join(h.live(), "|"), test.live)
			})
		}
	})
}

func TestProxyThatForbidsForwarding(t *testing.T) {
	forEachProxy(t, true, func(t *testing.T, proxy, server *sshtest.Server) {
		_, err := newHarness(t).create(remoteCommand, through(proxy, server, nil, nil))
		wantError(t, err, "proxy: after 1 failed attempts: ssh: rejected: administratively prohibited (\"open failed\")")
	})
}

// Whoever waits for a target behind a bastion must outlive a restart of the bastion.
func TestWaitingOutlivesARestartOfTheProxy(t *testing.T) {
	h, proxy, server := newHarness(t), sshtest.Start(t), sshtest.Start(t)
	port := closedPort(t)
	connection := to(server, object{
		"port": num(port), "dialErrorLimit": num(-1), "proxy": obj(to(proxy, object{"dialErrorLimit": num(5)})),
	})
	ended := make(chan error, 1)
	go func() {
		_, err := h.create(remoteCommand, object{"connection": obj(connection), "create": str("true")})
		ended <- err
	}()
	for len(h.live()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	proxy.Cut()
	for proxy.Connections.Load() < 2 {
		select {
		case err := <-ended:
			t.Fatalf("ended with %v", err)
		case <-time.After(10 * time.Millisecond):
		}
	}
	listener, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", port))
	must(t, err)
	defer func() { _ = listener.Close() }()
	go server.Serve(listener)
	must(t, <-ended)
}
