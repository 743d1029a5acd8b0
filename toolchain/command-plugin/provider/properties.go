package provider

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"
)

var wire = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true, KeepOutputValues: true}

// read decodes properties from the wire. Output values become plain, unknown or secret values; a null is left out.
func read(properties *structpb.Struct) (resource.PropertyMap, error) {
	props, err := plugin.UnmarshalProperties(properties, wire)
	if err != nil {
		return nil, err
	}
	return settledObject(props), nil
}

func write(props resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(props, wire)
}

func settledObject(props resource.PropertyMap) resource.PropertyMap {
	result := make(resource.PropertyMap, len(props))
	for key, value := range props {
		if value := settled(value); !value.IsNull() {
			result[key] = value
		}
	}
	return result
}

func settled(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsOutput():
		output := value.OutputValue()
		inner := resource.MakeComputed(resource.NewStringProperty(""))
		if output.Known {
			inner = settled(output.Element)
		}
		if output.Secret {
			return resource.MakeSecret(inner)
		}
		return inner
	case value.IsSecret():
		return resource.MakeSecret(settled(value.SecretValue().Element))
	case value.IsArray():
		items := make([]resource.PropertyValue, 0, len(value.ArrayValue()))
		for _, item := range value.ArrayValue() {
			items = append(items, settled(item))
		}
		return resource.NewArrayProperty(items)
	case value.IsObject():
		return resource.NewObjectProperty(settledObject(value.ObjectValue()))
	default:
		return value
	}
}

// withSecretUnknownsSettled returns news with the old value in place of each secret that is not known yet and was a
// secret before: only an up can tell whether it changed.
func withSecretUnknownsSettled(olds, news resource.PropertyMap) resource.PropertyMap {
	result := news.Copy()
	for key, value := range news {
		if old, has := olds[key]; has {
			result[key] = secretUnknownSettled(old, value)
		}
	}
	return result
}

func secretUnknownSettled(old, value resource.PropertyValue) resource.PropertyValue {
	switch {
	case old.IsSecret() && value.IsSecret() && value.SecretValue().Element.IsComputed():
		return old
	case old.IsObject() && value.IsObject():
		return resource.NewObjectProperty(withSecretUnknownsSettled(old.ObjectValue(), value.ObjectValue()))
	default:
		return value
	}
}
