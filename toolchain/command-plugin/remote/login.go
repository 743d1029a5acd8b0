package remote

import (
	"fmt"
	"io"
	"net"
	"os"

	"golang.org/x/crypto/ssh"
	"golang.org/x/crypto/ssh/agent"
)

// login is how to prove who we are to an endpoint, and how it must prove that it is the right one.
type login struct {
	config ssh.ClientConfig
	agent  io.Closer
}

// newLogin reads keys and opens the agent. Its errors are the user's mistakes: dialling again would not mend them.
func newLogin(e Endpoint) (*login, error) {
	l := &login{config: ssh.ClientConfig{
		User: or(e.User, defaultUser),
		// The official plugin accepts every server when no host key is given; the policies of this project do not.
		HostKeyCallback: ssh.InsecureIgnoreHostKey(), //nolint:gosec
	}}
	if e.HostKey != nil {
		key, _, _, _, err := ssh.ParseAuthorizedKey([]byte(*e.HostKey))
		if err != nil {
			return nil, fmt.Errorf("failed to parse host key: %w", err)
		}
		l.config.HostKeyCallback = ssh.FixedHostKey(key)
		l.config.HostKeyAlgorithms = []string{key.Type()}
	}
	if e.PrivateKey != nil {
		signer, err := parseKey(*e.PrivateKey, or(e.PrivateKeyPassword, ""))
		if err != nil {
			return nil, err
		}
		l.config.Auth = append(l.config.Auth, ssh.PublicKeys(signer))
	}
	if e.Password != nil {
		password := *e.Password
		l.config.Auth = append(l.config.Auth, ssh.Password(password), ssh.KeyboardInteractive(
			func(_, _ string, questions []string, _ []bool) ([]string, error) {
				answers := make([]string, len(questions))
				for i := range answers {
					answers[i] = password
				}
				return answers, nil
			}))
	}
	if socket := or(e.AgentSocketPath, os.Getenv("SSH_AUTH_SOCK")); socket != "" {
		conn, err := net.Dial("unix", socket)
		if err != nil {
			return nil, err
		}
		l.agent = conn
		l.config.Auth = append(l.config.Auth, ssh.PublicKeysCallback(agent.NewClient(conn).Signers))
	}
	return l, nil
}

// parseKey never puts the key or its passphrase into an error.
func parseKey(text, passphrase string) (ssh.Signer, error) {
	if passphrase == "" {
		return ssh.ParsePrivateKey([]byte(text))
	}
	return ssh.ParsePrivateKeyWithPassphrase([]byte(text), []byte(passphrase))
}

func (l *login) Close() {
	if l.agent != nil {
		_ = l.agent.Close()
	}
}
