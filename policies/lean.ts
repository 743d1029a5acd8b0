import { registerHooks } from "node:module";

/**
 * Pulumi's SDK loads the TypeScript compiler and npm's own dependency reader to send functions to a cloud, which a policy pack does not
 * do: two thirds of a second, before each preview, that nothing else may begin in. Imported first, it has them load as nothing; whoever
 * called them would be told that they are not functions.
 */
const unused = new Set(["typescript", "@npmcli/arborist", "normalize-package-data"]);

registerHooks({
  resolve: (specifier, context, next) =>
    unused.has(specifier)
      ? { url: new URL("unused.cjs", import.meta.url).href, format: "commonjs", shortCircuit: true }
      : next(specifier, context),
});
