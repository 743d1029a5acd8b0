// Package sshtest is a real SSH server inside the test process: commands, variables, signals, SFTP and forwarding.
package sshtest

import (
	"crypto/ed25519"
	"crypto/rand"
	"encoding/pem"
	"io"
	"net"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/pkg/sftp"
	"golang.org/x/crypto/ssh"
)

// Server is a running server. Every field is set before the first connection.
type Server struct {
	// Port on 127.0.0.1.
	Port int
	// HostKey in the form of an authorized_keys line.
	HostKey string
	// User that may log in, with PrivateKey or, in the in-process server, with Password.
	User, PrivateKey, Password string
	// Home is where commands run and relative SFTP paths start.
	Home string
	// AcceptEnv says whether clients may set variables.
	AcceptEnv bool
	// Forbid turns forwarding off.
	Forbid bool
	// Connections counts the TCP connections so far.
	Connections atomic.Int32

	config   *ssh.ServerConfig
	listener net.Listener
	mu       sync.Mutex
	open     []net.Conn
}

// Start starts a server with an ed25519 host key, and ends it with the test.
func Start(t testing.TB) *Server {
	t.Helper()
	hostKey, _ := newKey(t)
	userKey, userText := newKey(t)
	s := &Server{
		HostKey: string(ssh.MarshalAuthorizedKey(hostKey.PublicKey())),
		User:    "root", PrivateKey: userText, Password: "correct horse", Home: t.TempDir(),
	}
	s.config = &ssh.ServerConfig{
		PublicKeyCallback: func(conn ssh.ConnMetadata, key ssh.PublicKey) (*ssh.Permissions, error) {
			if conn.User() == s.User && string(key.Marshal()) == string(userKey.PublicKey().Marshal()) {
				return &ssh.Permissions{}, nil
			}
			return nil, os.ErrPermission
		},
		PasswordCallback: func(_ ssh.ConnMetadata, password []byte) (*ssh.Permissions, error) {
			if string(password) == s.Password {
				return &ssh.Permissions{}, nil
			}
			return nil, os.ErrPermission
		},
	}
	s.config.AddHostKey(hostKey)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	s.listener = listener
	s.Port = listener.Addr().(*net.TCPAddr).Port
	go s.Serve(listener)
	t.Cleanup(s.Stop)
	return s
}

// NewKey returns a fresh ed25519 key pair: the private half in OpenSSH's form, the public half as an authorized_keys line.
func NewKey(t testing.TB) (private, public string) {
	signer, text := newKey(t)
	return text, string(ssh.MarshalAuthorizedKey(signer.PublicKey()))
}

func newKey(t testing.TB) (ssh.Signer, string) {
	t.Helper()
	_, private, err := ed25519.GenerateKey(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	signer, err := ssh.NewSignerFromKey(private)
	if err != nil {
		t.Fatal(err)
	}
	block, err := ssh.MarshalPrivateKey(private, "")
	if err != nil {
		t.Fatal(err)
	}
	return signer, string(pem.EncodeToMemory(block))
}

// Stop refuses new connections and cuts the open ones.
func (s *Server) Stop() {
	_ = s.listener.Close()
	s.Cut()
}

// Cut ends all open connections, as a server that restarts does.
func (s *Server) Cut() {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, conn := range s.open {
		_ = conn.Close()
	}
	s.open = nil
}

// Serve serves connections from a further listener, until that is closed.
func (s *Server) Serve(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		s.Connections.Add(1)
		s.mu.Lock()
		s.open = append(s.open, conn)
		s.mu.Unlock()
		go s.handle(conn)
	}
}

func (s *Server) handle(conn net.Conn) {
	_, channels, requests, err := ssh.NewServerConn(conn, s.config)
	if err != nil {
		_ = conn.Close()
		return
	}
	go ssh.DiscardRequests(requests)
	for channel := range channels {
		switch channel.ChannelType() {
		case "session":
			go s.session(channel)
		case "direct-tcpip":
			go s.forward(channel)
		default:
			_ = channel.Reject(ssh.UnknownChannelType, "unknown channel type")
		}
	}
}

func (s *Server) session(requested ssh.NewChannel) {
	channel, requests, err := requested.Accept()
	if err != nil {
		return
	}
	var env []string
	var process *exec.Cmd
	for request := range requests {
		accepted, text := true, ""
		switch request.Type {
		case "env":
			var variable struct{ Name, Value string }
			accepted = s.AcceptEnv && ssh.Unmarshal(request.Payload, &variable) == nil
			env = append(env, variable.Name+"="+variable.Value)
		case "exec":
			var command struct{ Text string }
			accepted = ssh.Unmarshal(request.Payload, &command) == nil
			text = command.Text
		case "signal":
			_ = syscall.Kill(-process.Process.Pid, syscall.SIGTERM)
		case "subsystem":
			go s.sftp(channel)
		default:
			accepted = false
		}
		if request.WantReply {
			_ = request.Reply(accepted, nil)
		}
		// After the reply: a command may end, and its channel with it, before the reply is on its way.
		if request.Type == "exec" {
			process = s.start(channel, text, env)
		}
	}
}

func (s *Server) start(channel ssh.Channel, text string, env []string) *exec.Cmd {
	process := exec.Command("/bin/bash", "-c", text)
	process.Dir, process.Env = s.Home, append(os.Environ(), env...)
	process.Stdout, process.Stderr = channel, channel.Stderr()
	process.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	input, err := process.StdinPipe()
	if err == nil {
		err = process.Start()
	}
	if err != nil {
		_, _ = io.WriteString(channel.Stderr(), err.Error())
		_ = channel.Close()
		return process
	}
	go func() {
		_, _ = io.Copy(input, channel)
		_ = input.Close()
	}()
	go func() {
		_ = process.Wait()
		status := process.ProcessState.Sys().(syscall.WaitStatus)
		if status.Signaled() {
			name := strings.TrimPrefix(strings.ToUpper(signalName(status.Signal())), "SIG")
			_, _ = channel.SendRequest("exit-signal", false, ssh.Marshal(struct {
				Signal      string
				Core        bool
				Error, Lang string
			}{Signal: name}))
		} else {
			_, _ = channel.SendRequest("exit-status", false, ssh.Marshal(struct{ Status uint32 }{uint32(status.ExitStatus())}))
		}
		_ = channel.Close()
	}()
	return process
}

func signalName(signal syscall.Signal) string {
	switch signal {
	case syscall.SIGTERM:
		return "SIGTERM"
	case syscall.SIGKILL:
		return "SIGKILL"
	default:
		return signal.String()
	}
}

func (s *Server) sftp(channel ssh.Channel) {
	server, err := sftp.NewServer(channel, sftp.WithServerWorkingDirectory(s.Home))
	if err == nil {
		_ = server.Serve()
	}
	_ = channel.Close()
}

func (s *Server) forward(requested ssh.NewChannel) {
	var to struct {
		Host   string
		Port   uint32
		Origin string
		From   uint32
	}
	if s.Forbid || ssh.Unmarshal(requested.ExtraData(), &to) != nil {
		_ = requested.Reject(ssh.Prohibited, "open failed")
		return
	}
	target, err := net.DialTCP("tcp", nil, &net.TCPAddr{IP: net.ParseIP(to.Host), Port: int(to.Port)})
	if err != nil {
		_ = requested.Reject(ssh.ConnectionFailed, "Connection refused")
		return
	}
	channel, requests, err := requested.Accept()
	if err != nil {
		return
	}
	go ssh.DiscardRequests(requests)
	go func() {
		_, _ = io.Copy(target, channel)
		_ = target.Close()
	}()
	_, _ = io.Copy(channel, target)
	_ = channel.Close()
}
