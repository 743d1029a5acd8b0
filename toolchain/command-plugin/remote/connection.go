// Package remote holds the resources that act on another machine by SSH.
package remote

import (
	"fmt"
	"maps"
	"net"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"

	"logos/command-plugin/kind"
)

// Endpoint is one SSH server and how to log in to it.
type Endpoint struct {
	Host               string   `pulumi:"host"`
	Port               *float64 `pulumi:"port,optional"`
	User               *string  `pulumi:"user,optional"`
	Password           *string  `pulumi:"password,optional"`
	PrivateKey         *string  `pulumi:"privateKey,optional"`
	PrivateKeyPassword *string  `pulumi:"privateKeyPassword,optional"`
	AgentSocketPath    *string  `pulumi:"agentSocketPath,optional"`
	HostKey            *string  `pulumi:"hostKey,optional"`
	DialErrorLimit     *int     `pulumi:"dialErrorLimit,optional"`
	PerDialTimeout     *int     `pulumi:"perDialTimeout,optional"`
}

// Connection is a server, reached directly or through another one.
type Connection struct {
	Endpoint
	Proxy *ProxyConnection `pulumi:"proxy,optional"`
}

// ProxyConnection is the server that another one is reached through.
type ProxyConnection struct{ Endpoint }

// The defaults of a connection. Check writes them into the inputs, so that they are in the state too.
const (
	defaultPort           = 22
	defaultUser           = "root"
	defaultDialErrorLimit = 10
	defaultPerDialTimeout = 15 // seconds
)

var connectionDefaults = resource.PropertyMap{
	"port":           resource.NewNumberProperty(defaultPort),
	"user":           resource.NewStringProperty(defaultUser),
	"dialErrorLimit": resource.NewNumberProperty(defaultDialErrorLimit),
	"perDialTimeout": resource.NewNumberProperty(defaultPerDialTimeout),
}

// completeConnection returns props with the defaults in its connection, which becomes one secret as a whole. A
// connection of which any part is not known yet is unknown as a whole.
func completeConnection(props resource.PropertyMap) (resource.PropertyMap, []kind.Failure) {
	connection := withoutSecrets(props["connection"])
	result := props.Copy()
	if connection.ContainsUnknowns() {
		result["connection"] = resource.NewOutputProperty(resource.Output{Secret: true})
		return result, nil
	}
	object := withConnectionDefaults(connection.ObjectValue())
	if proxy, has := object["proxy"]; has {
		object["proxy"] = resource.NewObjectProperty(withConnectionDefaults(proxy.ObjectValue()))
	}
	result["connection"] = resource.MakeSecret(resource.NewObjectProperty(object))
	return result, nil
}

func withConnectionDefaults(connection resource.PropertyMap) resource.PropertyMap {
	result := connectionDefaults.Copy()
	maps.Copy(result, connection)
	return result
}

func withoutSecrets(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsSecret():
		return withoutSecrets(value.SecretValue().Element)
	case value.IsObject():
		result := resource.PropertyMap{}
		for key, member := range value.ObjectValue() {
			result[key] = withoutSecrets(member)
		}
		return resource.NewObjectProperty(result)
	default:
		return value
	}
}

func (e Endpoint) address() string {
	return net.JoinHostPort(e.Host, fmt.Sprint(int(or(e.Port, defaultPort))))
}

func (e Endpoint) dialErrorLimit() int { return or(e.DialErrorLimit, defaultDialErrorLimit) }

func (e Endpoint) perDialTimeout() time.Duration {
	return time.Duration(or(e.PerDialTimeout, defaultPerDialTimeout)) * time.Second
}

func or[T any](value *T, fallback T) T {
	if value == nil {
		return fallback
	}
	return *value
}
