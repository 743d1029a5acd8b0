package sshtest

import (
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"testing"
	"time"
)

// privilegeSeparation is the folder that a sshd started as root insists on. Its service makes it; here none runs.
const privilegeSeparation = "/run/sshd"

// HasOpenSSH says whether this machine has OpenSSH's server.
func HasOpenSSH() bool {
	_, err := findSSHD()
	return err == nil
}

func findSSHD() (string, error) {
	if path, err := exec.LookPath("sshd"); err == nil {
		return path, nil
	}
	return exec.LookPath("/usr/sbin/sshd")
}

// StartOpenSSH starts OpenSSH's server on a loopback port, for the current user, with further lines of sshd_config, and
// ends it with the test. Home is a temporary folder, not the login directory.
func StartOpenSSH(t testing.TB, settings string) *Server {
	t.Helper()
	sshd, err := findSSHD()
	if err != nil {
		t.Fatal(err)
	}
	if os.Getuid() == 0 {
		if err := os.Mkdir(privilegeSeparation, 0o755); err == nil {
			t.Cleanup(func() { _ = os.Remove(privilegeSeparation) })
		} else if !errors.Is(err, os.ErrExist) {
			t.Fatal(err)
		}
	}
	login, err := user.Current()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	hostPrivate, hostPublic := NewKey(t)
	userPrivate, userPublic := NewKey(t)
	port := freePort(t)
	s := &Server{Port: port, HostKey: hostPublic, PrivateKey: userPrivate, User: login.Username, Home: t.TempDir()}
	for name, content := range map[string]string{
		"host": hostPrivate, "authorized_keys": userPublic,
		"config": fmt.Sprintf("ListenAddress 127.0.0.1:%d\nHostKey %s\nAuthorizedKeysFile %s\nPidFile none\nStrictModes no\n"+
			"UsePAM no\nPasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n"+
			"Subsystem sftp internal-sftp\n%s\n",
			port, filepath.Join(folder, "host"), filepath.Join(folder, "authorized_keys"), settings),
	} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(content), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	process := exec.Command(sshd, "-D", "-e", "-f", filepath.Join(folder, "config"))
	if err := process.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		_ = process.Process.Kill()
		_ = process.Wait()
	})
	awaitListener(t, port)
	return s
}

func awaitListener(t testing.TB, port int) {
	t.Helper()
	deadline := time.Now().Add(10 * time.Second)
	for {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			_ = conn.Close()
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("sshd does not listen: %v", err)
		}
		time.Sleep(20 * time.Millisecond)
	}
}

func freePort(t testing.TB) int {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = listener.Close() }()
	return listener.Addr().(*net.TCPAddr).Port
}
