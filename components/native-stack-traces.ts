/**
 * Lets Node write stack traces itself. Pulumi's program runner maps each through source maps, and the SDK keeps one a promise: two
 * fifths of the program's CPU (azure, 187 resources). Node runs this program's sources as they are, lines and columns included, so
 * that there is nothing to map.
 */
export function useNativeStackTraces(): void {
  Reflect.deleteProperty(Error, "prepareStackTrace");
}
