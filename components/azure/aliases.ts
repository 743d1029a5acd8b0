import type * as pulumi from "@pulumi/pulumi";

/**
 * Takes away the aliases that the SDK gives each resource, one an API version that ever was. No stack of this program was made under
 * those types, and each alias costs promises: 140 MiB and half of the program's CPU (187 resources).
 */
export const withoutAliases: pulumi.ResourceTransformation = ({ type, props, opts }) =>
  type.startsWith("azure-native:") ? { props, opts: { ...opts, aliases: [] } } : undefined;
