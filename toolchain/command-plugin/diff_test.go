package main

import (
	"maps"
	"slices"
	"testing"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

func TestDiff(t *testing.T) {
	connection := secret(obj(object{"host": str("a"), "port": num(22)}))
	base := func(more object) object {
		inputs := object{
			"connection": connection, "create": str("x"), "triggers": list(str("a"), obj(object{"k": str("v")})),
			"environment": obj(object{"A": str("1"), "B": str("2")}),
		}
		for key, field := range more {
			if field.IsNull() {
				delete(inputs, key)
			} else {
				inputs[key] = field
			}
		}
		return inputs
	}
	for _, test := range []struct {
		name     string
		news     object
		want     map[string]string
		replaces bool
	}{
		{"nothing", base(nil), nil, false},
		{"text", base(object{"create": str("y")}), map[string]string{"create": "UPDATE"}, false},
		{"text removed", base(object{"create": null()}), map[string]string{"create": "DELETE"}, false},
		{"text became secret", base(object{"create": secret(str("x"))}), map[string]string{"create": "UPDATE"}, false},
		{"text not known", base(object{"create": unknown()}), map[string]string{"create": "UPDATE"}, false},
		{"update, delete, logging added", base(object{"update": str("u"), "delete": str("d"), "logging": str("none")}),
			map[string]string{"update": "ADD", "delete": "ADD", "logging": "ADD"}, false},
		{"connection", base(object{"connection": secret(obj(object{"host": str("b"), "port": num(22)}))}),
			map[string]string{"connection": "UPDATE"}, false},
		{"connection not known", base(object{"connection": secret(unknown())}), nil, false},
		{"connection not known, and more", base(object{"connection": secret(unknown()), "create": str("y")}),
			map[string]string{"create": "UPDATE"}, false},
		{"environment", base(object{"environment": obj(object{"A": str("0"), "C": str("3")})}),
			map[string]string{"environment.A": "UPDATE", "environment.B": "DELETE", "environment.C": "ADD"}, false},
		{"environment removed", base(object{"environment": null()}), map[string]string{"environment": "DELETE"}, false},
		{"element of triggers", base(object{"triggers": list(str("b"), obj(object{"k": str("w")}), str("c"))}),
			map[string]string{"triggers[0]": "UPDATE", "triggers[1].k": "UPDATE", "triggers[2]": "ADD"}, false},
		{"triggers emptied", base(object{"triggers": list()}),
			map[string]string{"triggers[0]": "DELETE", "triggers[1]": "DELETE"}, false},
		{"triggers removed", base(object{"triggers": null()}), map[string]string{"triggers": "DELETE_REPLACE"}, true},
		{"triggers not known", base(object{"triggers": unknown()}), map[string]string{"triggers": "UPDATE_REPLACE"}, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			response := newHarness(t).diff(remoteCommand, base(nil), test.news)
			got := map[string]string{}
			for path, change := range response.GetDetailedDiff() {
				got[path] = change.GetKind().String()
			}
			if !maps.Equal(got, test.want) {
				t.Errorf("got %v, want %v", got, test.want)
			}
			if changed := response.GetChanges() == pulumirpc.DiffResponse_DIFF_SOME; changed != (len(test.want) > 0) {
				t.Errorf("changes: %v", response.GetChanges())
			}
			if replaces := slices.Equal(response.GetReplaces(), []string{"triggers"}); replaces != test.replaces {
				t.Errorf("replaces: %v", response.GetReplaces())
			}
			if !response.GetHasDetailedDiff() || response.GetDeleteBeforeReplace() {
				t.Errorf("got %v", response)
			}
		})
	}
}

func TestDiffOfTriggersThatAppear(t *testing.T) {
	connection := secret(obj(object{"host": str("a")}))
	response := newHarness(t).diff(remoteCommand, object{"connection": connection},
		object{"connection": connection, "triggers": list()})
	if kind := response.GetDetailedDiff()["triggers"].GetKind(); kind != pulumirpc.PropertyDiff_ADD_REPLACE {
		t.Errorf("got %v", response)
	}
}

func TestDiffLeavesOutIgnoredPaths(t *testing.T) {
	h := newHarness(t)
	olds := object{"create": str("x"), "environment": obj(object{"A": str("1"), "B": str("1")})}
	news := object{"create": str("y"), "environment": obj(object{"A": str("2"), "B": str("2")})}
	response, err := h.client.Diff(t.Context(), &pulumirpc.DiffRequest{
		Urn: urnOf(remoteCommand), OldInputs: h.marshal(olds), News: h.marshal(news),
		IgnoreChanges: []string{"create", "environment.A"},
	})
	must(t, err)
	if keys := slices.Collect(maps.Keys(response.GetDetailedDiff())); !slices.Equal(keys, []string{"environment.B"}) {
		t.Errorf("got %v", keys)
	}
}
