package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"

	"logos/command-plugin/sshtest"
)

func TestLoggingSelectsWhatIsLive(t *testing.T) {
	server := sshtest.Start(t)
	for logging, want := range map[string][]string{
		"": {"err", "out"}, "stdoutAndStderr": {"err", "out"}, "stdout": {"out"}, "stderr": {"err"}, "none": nil, "other": nil,
	} {
		t.Run("logging="+logging, func(t *testing.T) {
			h := newHarness(t)
			inputs := on(server, object{"create": str(`printf 'out\r\n'; printf err >&2`)})
			if logging != "" {
				inputs["logging"] = str(logging)
			}
			state := h.created(remoteCommand, inputs)
			lines := h.live()
			slices.Sort(lines)
			if !slices.Equal(lines, want) {
				t.Errorf("shown %q", lines)
			}
			wantText(t, "stdout", text(state, "stdout"), "out\r")
			wantText(t, "stderr", text(state, "stderr"), "err")
		})
	}
}

// The official plugin hangs on a line of 64 KiB.
func TestLongLinesPass(t *testing.T) {
	server := sshtest.Start(t)
	for token, inputs := range map[string]object{remoteCommand: on(server, nil), localCommand: {}} {
		h := newHarness(t)
		inputs["create"] = str(`head -c 300000 /dev/zero | tr '\0' x; echo; printf 'é%.0s' $(seq 100000)`)
		state := h.created(token, inputs)
		want := strings.Repeat("x", 300000) + "\n" + strings.Repeat("é", 100000)
		if text(state, "stdout") != want {
			t.Errorf("%s: output of %d bytes", token, len(text(state, "stdout")))
		}
		if shown := strings.Join(h.live(), ""); shown != strings.Replace(want, "\n", "", 1) {
			t.Errorf("%s: shown %d bytes", token, len(shown))
		}
	}
}

// The official plugin takes 22 s for these lines: it sends each by a call of its own.
func TestManyLinesAreJoined(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	const count = 100000
	state := h.created(remoteCommand, on(server, object{"create": str(fmt.Sprintf("seq %d", count))}))
	lines := h.live()
	if len(lines) != count || lines[count-1] != fmt.Sprint(count) || strings.Join(lines, "\n") != text(state, "stdout") {
		t.Errorf("shown %d lines", len(lines))
	}
	if calls := len(h.messages(func(m *pulumirpc.LogRequest) bool { return m.GetEphemeral() })); calls > count/10 {
		t.Errorf("%d calls", calls)
	}
}

// started waits until a command has written a file, and returns what it wrote.
func started(t *testing.T, file string) string {
	t.Helper()
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if content, err := os.ReadFile(file); err == nil && strings.HasSuffix(string(content), "\n") {
			return strings.TrimSpace(string(content))
		}
	}
	t.Fatalf("%s was not written", file)
	return ""
}

func TestCancelEndsWhatRuns(t *testing.T) {
	server := sshtest.Start(t)
	for token, inputs := range map[string]object{remoteCommand: on(server, nil), localCommand: {"dir": str(server.Home)}} {
		t.Run(token, func(t *testing.T) {
			h := newHarness(t)
			marker := filepath.Join(server.Home, strings.ReplaceAll(token, ":", "-"))
			const script = "echo $$ > %s; echo begun; sleep 300 & wait"
			inputs["create"] = str(fmt.Sprintf(script, marker))
			ended := make(chan error, 1)
			go func() {
				_, err := h.create(token, inputs)
				ended <- err
			}()
			process := started(t, marker)
			begin := time.Now()
			_, err := h.client.Cancel(t.Context(), &emptypb.Empty{})
			must(t, err)
			wantError(t, <-ended, fmt.Sprintf("cancelled: running %q:\nbegun\n", fmt.Sprintf(script, marker)))
			if took := time.Since(begin); took > 5*time.Second {
				t.Errorf("took %v", took)
			}
			if _, err := os.Stat("/proc/" + process); err == nil {
				t.Error("the command still runs")
			}
			_, err = h.create(token, inputs)
			if err == nil {
				t.Error("a new operation began after Cancel")
			}
		})
	}
}

func TestCancelEndsDialling(t *testing.T) {
	h := newHarness(t)
	connection := obj(object{"host": str("127.0.0.1"), "port": num(1), "dialErrorLimit": num(-1)})
	ended := make(chan error, 1)
	go func() {
		_, err := h.create(remoteCommand, object{"connection": connection, "create": str("x")})
		ended <- err
	}()
	for len(h.live()) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	wantText(t, "live", h.live()[0], "Dial 1/inf failed: retrying")
	_, err := h.client.Cancel(t.Context(), &emptypb.Empty{})
	must(t, err)
	wantError(t, <-ended, "cancelled")
}

func TestTimeoutOfAnOperation(t *testing.T) {
	h, server := newHarness(t), sshtest.Start(t)
	_, err := h.client.Create(t.Context(), &pulumirpc.CreateRequest{
		Urn: urnOf(remoteCommand), Timeout: 0.5, Properties: h.marshal(on(server, object{"create": str("exec sleep 300")})),
	})
	wantError(t, err, "timed out after 500ms: running \"exec sleep 300\":\n")
}

func TestConfigureSaysThatThisIsAStandIn(t *testing.T) {
	h := newHarness(t)
	response, err := h.client.Configure(context.Background(), &pulumirpc.ConfigureRequest{})
	must(t, err)
	if !response.GetAcceptSecrets() || !response.GetSupportsPreview() {
		t.Errorf("got %v", response)
	}
	notices := h.messages(lasting(pulumirpc.LogSeverity_INFO))
	if len(notices) != 1 || !strings.HasPrefix(notices[0], "command 1.2.1: stand-in built from this repository") {
		t.Errorf("logged %q", notices)
	}
}

func TestUnknownMembersAreRefused(t *testing.T) {
	h := newHarness(t)
	_, err := h.client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf("command:remote:Nope")})
	wantError(t, err, "Resource 'remote:Nope' not found")
	_, err = h.client.Invoke(t.Context(), &pulumirpc.InvokeRequest{Tok: "command:local:nope"})
	wantError(t, err, "Invoke 'local:nope' not found")
	_, err = h.client.Check(t.Context(), &pulumirpc.CheckRequest{Urn: urnOf("command:remote:CopyFile")})
	wantError(t, err, "Resource 'remote:CopyFile' exists in the official command plugin only: install that plugin, or do without it")
}
