package main

import (
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"

	"logos/command-plugin/sshtest"
)

// forEachServer runs a test on the in-process server, and on OpenSSH's where this machine has it.
func forEachServer(t *testing.T, acceptEnv bool, test func(t *testing.T, server *sshtest.Server)) {
	t.Run("in-process", func(t *testing.T) {
		server := sshtest.Start(t)
		server.AcceptEnv = acceptEnv
		test(t, server)
	})
	if sshtest.HasOpenSSH() {
		settings := ""
		if acceptEnv {
			settings = "AcceptEnv *"
		}
		t.Run("OpenSSH", func(t *testing.T) { test(t, sshtest.StartOpenSSH(t, settings)) })
	}
}

func TestOutputLosesExactlyOneNewline(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		h := newHarness(t)
		for script, want := range map[string]string{
			`printf ' x\n\n\n'`: " x\n\n", `printf 'a\r\nb\r\n'`: "a\r\nb\r", `true`: "", ``: "",
			`(sleep 0.3; echo late) & echo now`: "now\nlate", `cat`: "typed",
		} {
			state := h.created(remoteCommand, on(server, object{"create": str(script), "stdin": str("typed")}))
			wantText(t, script, text(state, "stdout"), want)
		}
	})
}

func TestFailingCommands(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		h := newHarness(t)
		for script, want := range map[string]string{
			"echo \"a\"\necho b\nexit 3": "Process exited with status 3: running \"echo \\\"a\\\"\\necho b\\nexit 3\":\na\nb\n",
			"echo b >&2; exit 3":         "Process exited with status 3: running \"echo b >&2; exit 3\":\nb\n",
			"exit 4":                     "Process exited with status 4: running \"exit 4\":\n",
			"kill -TERM $$":              "Process exited with status 143 from signal TERM: running \"kill -TERM $$\":\n",
		} {
			_, err := h.create(remoteCommand, on(server, object{"create": str(script)}))
			wantError(t, err, want)
		}
	})
}

func TestSecretTextStaysOutOfErrors(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	_, err := h.create(remoteCommand, on(server, object{"create": secret(str("exit 5 # canary"))}))
	wantError(t, err, "Process exited with status 5: running [secret]:\n")
}

const unset = "Unable to set 'FOO'. This only works if your SSH server is configured to accept\n\tthese variables via " +
	"AcceptEnv. Alternatively, if a Bash-like shell runs the command on the remote host, you could\n\tprefix the command " +
	"itself with the variables in the form 'VAR=value command'"

func lasting(severity pulumirpc.LogSeverity) func(*pulumirpc.LogRequest) bool {
	return func(m *pulumirpc.LogRequest) bool { return m.GetSeverity() == severity && !m.GetEphemeral() }
}

func TestEnvironmentThatIsRefused(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		h := newHarness(t)
		_, err := h.create(remoteCommand, on(server, object{
			"create": str("touch ran"), "environment": obj(object{"FOO": str("x")}),
		}))
		wantError(t, err, `could not set environment variable "FOO": ssh: setenv failed`)
		if errors := h.messages(lasting(pulumirpc.LogSeverity_ERROR)); !slices.Equal(errors, []string{unset}) {
			t.Errorf("logged %q", errors)
		}
	})
}

func TestEnvironmentThatIsAccepted(t *testing.T) {
	forEachServer(t, true, func(t *testing.T, server *sshtest.Server) {
		state := newHarness(t).created(remoteCommand, on(server, object{
			"create":      str(`printf '%s|%s|%s' "$A" "$B" "$PULUMI_COMMAND_STDOUT"`),
			"environment": obj(object{"A": str("one two\nthree"), "B": str("")}),
		}))
		wantText(t, "stdout", text(state, "stdout"), "one two\nthree||")
	})
}

func TestWhichTextRunsOnUpdate(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	server.AcceptEnv = true
	const show = `echo "$PULUMI_COMMAND_STDOUT/$PULUMI_COMMAND_STDERR"`
	first := on(server, object{"create": str("echo out; echo err >&2")})
	state := h.created(remoteCommand, first)
	for _, test := range []struct {
		name string
		news object
		want string
	}{
		{"create runs again", object{"create": str(show)}, "out/err"},
		{"update wins", object{"create": str("exit 1"), "update": str(show)}, "out/err"},
		{"previous output wins over the environment", object{
			"update": str(show), "environment": obj(object{"PULUMI_COMMAND_STDOUT": str("mine")}),
		}, "out/err"},
		{"no previous output", object{"update": str(show), "addPreviousOutputInEnv": flag(false)}, "/"},
		{"neither keeps the last output", object{}, "out"},
	} {
		updated, err := h.update(remoteCommand, state, on(server, test.news), false)
		must(t, err)
		wantText(t, test.name, text(updated, "stdout"), test.want)
	}
}

func TestPreviousOutputThatIsRefusedIsAWarning(t *testing.T) {
	forEachServer(t, false, func(t *testing.T, server *sshtest.Server) {
		h := newHarness(t)
		state := h.created(remoteCommand, on(server, object{"create": str("echo x")}))
		updated, err := h.update(remoteCommand, state, on(server, object{"create": str("echo y")}), false)
		must(t, err)
		wantText(t, "stdout", text(updated, "stdout"), "y")
		want := []string{strings.Replace(unset, "FOO", "PULUMI_COMMAND_STDOUT", 1)}
		if warnings := h.messages(lasting(pulumirpc.LogSeverity_WARNING)); !slices.Equal(warnings, want) {
			t.Errorf("logged %q", warnings)
		}
	})
}

func TestPreviewOfUpdates(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	first := object{"create": str("echo x"), "environment": obj(object{"A": str("1")}), "triggers": list(str("a"))}
	server.AcceptEnv = true
	state := h.created(remoteCommand, on(server, first))
	dialled := server.Connections.Load()
	for name, test := range map[string]struct {
		change  object
		unknown bool
	}{
		"text":         {object{"create": str("echo y")}, true},
		"key added":    {object{"environment": obj(object{"A": str("1"), "B": str("2")})}, true},
		"longer array": {object{"triggers": list(str("a"), str("b"))}, true},
		"update added": {object{"update": str("echo u")}, false},
		"stdin added":  {object{"stdin": str("in")}, false},
	} {
		news := on(server, first)
		for key, field := range test.change {
			news[key] = field
		}
		previewed, err := h.update(remoteCommand, state, news, true)
		must(t, err)
		if previewed["stdout"].IsComputed() != test.unknown {
			t.Errorf("%s: stdout %v", name, previewed["stdout"])
		}
	}
	if server.Connections.Load() != dialled {
		t.Error("a preview dialled")
	}
}

func TestPreviewOfCreateNeedsNoHost(t *testing.T) {
	h := newHarness(t)
	inputs := h.checked(remoteCommand, object{"connection": obj(object{"host": str("127.0.0.1"), "port": num(1)}), "create": str("x")})
	response, err := h.client.Create(t.Context(), &pulumirpc.CreateRequest{
		Urn: urnOf(remoteCommand), Properties: h.marshal(inputs), Preview: true,
	})
	must(t, err)
	outputs := h.unmarshal(response.GetProperties())
	if !outputs["stdout"].IsComputed() || !outputs["stderr"].IsComputed() || !outputs["connection"].IsSecret() {
		t.Errorf("got %v", outputs)
	}
	if id := response.GetId(); len(id) != len("name")+8 || !strings.HasPrefix(id, "name") {
		t.Errorf("id %q", id)
	}
}

func TestDelete(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	server.AcceptEnv = true
	for name, test := range map[string]struct {
		delete value
		dials  int32
		err    string
	}{
		"no text":    {null(), 0, ""},
		"empty text": {str(""), 1, ""},
		"text":       {str(`test "$PULUMI_COMMAND_STDOUT" = x`), 1, ""},
		"failing":    {str("exit 2"), 1, "Process exited with status 2: running \"exit 2\":\n"},
	} {
		state := h.created(remoteCommand, on(server, object{"create": str("echo x"), "delete": test.delete}))
		before := server.Connections.Load()
		err := h.delete(remoteCommand, state)
		if test.err != "" {
			wantError(t, err, test.err)
		} else {
			must(t, err)
		}
		if dials := server.Connections.Load() - before; dials != test.dials {
			t.Errorf("%s: %d dials", name, dials)
		}
	}
	wantError(t, h.delete(remoteCommand, object{}), "3 failures decoding:\n"+
		"\tconnection: Missing required field 'connection' on 'remote.CommandOutputs'\n"+
		"\tstdout: Missing required field 'stdout' on 'remote.CommandOutputs'\n"+
		"\tstderr: Missing required field 'stderr' on 'remote.CommandOutputs'")
}

func TestNoTextNoDial(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	state := h.created(remoteCommand, on(server, object{}))
	if !state["stdout"].DeepEquals(str("")) || !state["stderr"].DeepEquals(str("")) || server.Connections.Load() != 0 {
		t.Errorf("got %v after %d dials", state, server.Connections.Load())
	}
}

func TestSecretsInState(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	state := h.created(remoteCommand, on(server, object{"create": secret(str("echo x")), "stdin": secret(str("in"))}))
	for key, hidden := range map[resource.PropertyKey]bool{
		"connection": true, "create": true, "stdin": true, "stdout": false, "stderr": false,
	} {
		if state[key].IsSecret() != hidden {
			t.Errorf("%s: %v", key, state[key])
		}
	}
}
