import { createRequire } from "node:module";

/**
 * Has the SDK read a resource's properties once instead of once for each policy. A request keeps its properties in one object, by
 * which they are found again; no rule changes them. The SDK has no setting for it, so the function is replaced where its server finds
 * it; the version is pinned, and a test asks whether it still is there.
 *
 * @param see is shown the properties as the engine sends them, where secrets can still be told from other values.
 */
export function deserializeOnce(see: (properties: unknown) => void = () => undefined): void {
  const sdk: object = createRequire(import.meta.url)("@pulumi/policy/deserialize.js");
  const deserialize: unknown = Reflect.get(sdk, "deserializeProperties");
  if (typeof deserialize !== "function")
    throw new TypeError("@pulumi/policy has no deserializeProperties any more: see policies/deserialize-once.ts");
  const known = new WeakMap<object, unknown>();
  const once = (properties: unknown, proxySecrets: unknown): unknown => {
    // With secrets as proxies only remediations are given them, and there are none here.
    if (proxySecrets === true || typeof properties !== "object" || properties === null)
      return deserialize(properties, proxySecrets);
    if (!known.has(properties)) {
      known.set(properties, deserialize(properties, false));
      if ("toJavaScript" in properties && typeof properties.toJavaScript === "function") see(properties.toJavaScript());
    }
    return known.get(properties);
  };
  Reflect.set(sdk, "deserializeProperties", once);
}
