package main

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/archive"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/asset"

	"logos/command-plugin/sshtest"
)

func TestCheckFillsDefaultsAndHidesTheConnection(t *testing.T) {
	h := newHarness(t)
	inputs := h.checked(remoteCommand, object{
		"create": str("x"), "update": null(),
		"connection": obj(object{"host": str("a"), "proxy": obj(object{"host": str("b"), "port": num(23)})}),
	})
	want := object{
		"create": str("x"),
		"connection": secret(obj(object{
			"host": str("a"), "port": num(22), "user": str("root"), "dialErrorLimit": num(10), "perDialTimeout": num(15),
			"proxy": obj(object{
				"host": str("b"), "port": num(23), "user": str("root"), "dialErrorLimit": num(10), "perDialTimeout": num(15),
			}),
		})),
	}
	if !inputs.DeepEquals(want) {
		t.Errorf("got %v", inputs)
	}
}

func TestCheckKeepsAnUnknownConnectionSecret(t *testing.T) {
	h := newHarness(t)
	for name, connection := range map[string]value{
		"all of it": unknown(), "a secret": secret(unknown()), "its host": obj(object{"host": unknown()}),
	} {
		got := h.checked(remoteCommand, object{"connection": connection})["connection"]
		if !got.IsOutput() || got.OutputValue().Known || !got.OutputValue().Secret {
			t.Errorf("%s unknown: got %v", name, got)
		}
	}
}

func TestCheckRefuses(t *testing.T) {
	const decoding = "An error occurred decoding 'CommandInputs.connection': 1 failures decoding:\n\t"
	connection := obj(object{"host": str("a")})
	text, err := asset.FromText("x")
	must(t, err)
	uri := &asset.Asset{Sig: asset.AssetSig, URI: "https://example.invalid/x", Hash: "0"}
	bundle, err := archive.FromAssets(map[string]any{"x": text})
	must(t, err)
	for _, test := range []struct {
		name, token, property, reason string
		inputs                        object
	}{
		{"unknown field of the connection", remoteCommand, "", decoding + "bogus: Unrecognized field 'bogus' on 'remote.Connection'",
			object{"connection": obj(object{"host": str("a"), "bogus": str("b")})}},
		{"no host", remoteCommand, "", decoding + "host: Missing required field 'host' on 'remote.Connection'",
			object{"connection": obj(object{})}},
		{"unknown input", remoteCommand, "zzz", "Unrecognized field 'zzz' on 'remote.CommandInputs'",
			object{"connection": connection, "zzz": str("b")}},
		{"no connection", remoteCommand, "connection", "Missing required field 'connection' on 'remote.CommandInputs'", object{}},
		{"wrong type", remoteCommand, "create", "Field 'create' on 'remote.CommandInputs' must be a 'string'; got 'float64' instead",
			object{"connection": connection, "create": num(3)}},
		{"port as text", remoteCommand, "", decoding + "port: Field 'port' on 'remote.Connection' must be a 'float64'; got 'string' instead",
			object{"connection": obj(object{"host": str("a"), "port": str("22")})}},
		{"archive of assets", copyToRemote, "archive", "archive must be a path to a file or directory",
			object{"connection": connection, "remotePath": str("x"), "source": resource.NewArchiveProperty(bundle)}},
		{"asset of a URI", copyToRemote, "asset", "asset must be a path-based file asset or a text asset",
			object{"connection": connection, "remotePath": str("x"), "source": resource.NewAssetProperty(uri)}},
		{"a text as source", copyToRemote, "source", "either asset or archive must be set",
			object{"connection": connection, "remotePath": str("x"), "source": str("y")}},
		{"no path", copyToRemote, "remotePath", "Missing required field 'remotePath' on 'remote.CopyToRemoteInputs'",
			object{"connection": connection, "source": resource.NewAssetProperty(text)}},
		{"local type", localCommand, "interpreter", "Field 'interpreter' on 'local.CommandInputs' must be a '[]string'; got 'string' instead",
			object{"interpreter": str("/bin/sh")}},
	} {
		t.Run(test.name, func(t *testing.T) {
			_, failures := newHarness(t).check(test.token, test.inputs)
			if len(failures) != 1 {
				t.Fatalf("got %d failures: %v", len(failures), failures)
			}
			wantText(t, "property", failures[0].GetProperty(), test.property)
			wantText(t, "reason", failures[0].GetReason(), test.reason)
		})
	}
}

// The engine prints the value of the property that a failure names: the connection must not be named.
func TestCheckNeverPointsTheEngineAtAPrivateKey(t *testing.T) {
	private, _ := sshtest.NewKey(t)
	for name, inputs := range map[string]object{
		"in the connection":   {"connection": obj(object{"host": str("a"), "privateKey": str(private), "bogus": str("b")})},
		"key of a wrong type": {"connection": obj(object{"host": str("a"), "privateKey": list(str(private))})},
		"secret elsewhere":    {"connection": obj(object{"host": str("a")}), "create": secret(list(str(private)))},
	} {
		_, failures := newHarness(t).check(remoteCommand, inputs)
		if len(failures) != 1 || failures[0].GetProperty() != "" || strings.Contains(failures[0].GetReason(), "PRIVATE KEY") {
			t.Errorf("%s: %v", name, failures)
		}
	}
}

func TestCheckAcceptsWhatTheOfficialPluginAccepts(t *testing.T) {
	connection := obj(object{"host": str("a"), "dialErrorLimit": num(-5)})
	for name, inputs := range map[string]object{
		"logging of any name": {"connection": connection, "logging": str("nonsense")},
		"negative limit":      {"connection": connection},
		"unknown texts": {
			"connection": connection, "create": unknown(), "stdin": secret(unknown()), "triggers": unknown(),
			"environment": obj(object{"A": unknown()}),
		},
	} {
		if _, failures := newHarness(t).check(remoteCommand, inputs); len(failures) > 0 {
			t.Errorf("%s: %v", name, failures)
		}
	}
}
