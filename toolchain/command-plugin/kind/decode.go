package kind

import (
	"reflect"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/util/mapper"
)

// DecodeStrict stores props in target, a pointer to a struct with `pulumi` tags, and refuses unknown fields.
// Secrets are unwrapped. A value that is not known yet becomes the zero value of its type, so that it is not reported
// as missing.
func DecodeStrict(props resource.PropertyMap, target any) mapper.MappingError {
	return mapper.New(nil).Decode(plainObject(props, reflect.TypeOf(target).Elem()), target)
}

// Decode is DecodeStrict for what passed Check, or came from a state that another version wrote: fields that are not
// known here are left out.
func Decode(props resource.PropertyMap, target any) error {
	if err := mapper.MapIU(plainObject(props, reflect.TypeOf(target).Elem()), target); err != nil {
		return err
	}
	return nil
}

// plain returns value as the mapper wants it: maps, slices, strings, numbers. wanted is the Go type that it is for, or
// nil where any value goes.
func plain(value resource.PropertyValue, wanted reflect.Type) any {
	for wanted != nil && wanted.Kind() == reflect.Pointer {
		wanted = wanted.Elem()
	}
	switch {
	case value.IsSecret():
		return plain(value.SecretValue().Element, wanted)
	case value.IsComputed():
		return placeholder(wanted)
	case value.IsArray():
		items := make([]any, 0, len(value.ArrayValue()))
		for _, item := range value.ArrayValue() {
			items = append(items, plain(item, elementOf(wanted)))
		}
		return items
	case value.IsObject():
		return plainObject(value.ObjectValue(), wanted)
	default:
		return value.Mappable()
	}
}

func plainObject(props resource.PropertyMap, wanted reflect.Type) map[string]any {
	object := make(map[string]any, len(props))
	for key, value := range props {
		if value.IsNull() {
			continue
		}
		if item := plain(value, memberOf(wanted, string(key))); item != nil {
			object[string(key)] = item
		}
	}
	return object
}

func placeholder(wanted reflect.Type) any {
	switch {
	case wanted == nil || wanted.Kind() == reflect.Interface:
		return nil
	case wanted.Kind() == reflect.Struct:
		object := map[string]any{}
		for _, field := range reflect.VisibleFields(wanted) {
			if name, optional, tagged := tagOf(field); tagged && !optional {
				object[name] = placeholder(field.Type)
			}
		}
		return object
	case wanted.Kind() == reflect.Map:
		return map[string]any{}
	case wanted.Kind() == reflect.Slice:
		return []any{}
	default:
		return reflect.Zero(wanted).Interface()
	}
}

func elementOf(wanted reflect.Type) reflect.Type {
	if wanted != nil && (wanted.Kind() == reflect.Slice || wanted.Kind() == reflect.Map) {
		return wanted.Elem()
	}
	return nil
}

func memberOf(wanted reflect.Type, key string) reflect.Type {
	if wanted == nil || wanted.Kind() != reflect.Struct {
		return elementOf(wanted)
	}
	for _, field := range reflect.VisibleFields(wanted) {
		if name, _, tagged := tagOf(field); tagged && name == key {
			return field.Type
		}
	}
	return nil
}

func tagOf(field reflect.StructField) (name string, optional, tagged bool) {
	tag, tagged := field.Tag.Lookup("pulumi")
	name, option, _ := strings.Cut(tag, ",")
	return name, option == "optional", tagged
}
