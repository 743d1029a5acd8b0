import type { Stack, StackSubject, Subject } from "../rule.ts";
import type { View } from "../view.ts";

/** Every token through which machines are made, and where each says what a machine is like. */

export const awsInstances = ["aws:ec2/instance:Instance", "aws:ec2/spotInstanceRequest:SpotInstanceRequest"] as const;
export const launchTemplate = "aws:ec2/launchTemplate:LaunchTemplate";
export const launchConfiguration = "aws:ec2/launchConfiguration:LaunchConfiguration";
export const spotFleet = "aws:ec2/spotFleetRequest:SpotFleetRequest";
export const fleet = "aws:ec2/fleet:Fleet";
export const awsMachineTypes = [...awsInstances, launchTemplate, launchConfiguration, spotFleet] as const;

/** What each machine is made from; a fleet has several. */
export function awsMachines({ type, props }: Subject): readonly View[] {
  return type === spotFleet ? props.items("launchSpecifications") : [props];
}

export const gcpInstances = [
  "gcp:compute/instance:Instance",
  "gcp:compute/instanceFromTemplate:InstanceFromTemplate",
  "gcp:compute/instanceFromMachineImage:InstanceFromMachineImage",
] as const;
export const gcpTemplates = [
  "gcp:compute/instanceTemplate:InstanceTemplate",
  "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate",
] as const;
export const gcpMachineTypes = [...gcpInstances, ...gcpTemplates] as const;

export const virtualMachine = "azure-native:compute:VirtualMachine";
export const scaleSet = "azure-native:compute:VirtualMachineScaleSet";
export const scaleSetVm = "azure-native:compute:VirtualMachineScaleSetVM";
export const azureMachineTypes = [virtualMachine, scaleSet, scaleSetVm] as const;

/** What Azure's machines are made from: a scale set keeps it one level deeper. */
export function azureProfile({ type, props }: Subject): View {
  return type === scaleSet ? props.at("virtualMachineProfile") : props;
}

/** Network interfaces that Azure makes with its machines; one machine of a scale set names them elsewhere than the set does. */
export function azureInterfaces(subject: Subject): readonly View[] {
  return ["networkProfile", "networkProfileConfiguration"].flatMap((key) =>
    azureProfile(subject).at(key).items("networkInterfaceConfigurations"),
  );
}

/** Types of machines that run no proofs: the only ones that may be smaller, or made from a base image. */
const helpers = ["logos:substrate:Bastion", "logos:substrate:ControlPlane", "logos:substrate:Image"];

/** True for all machines but the bastion's, the control plane's and the builder's. */
export function isNode({ types }: Subject): boolean {
  return !types.some((type) => helpers.includes(type));
}

/** True when something is given, though it may not be known yet. */
export function given(view: View): boolean {
  return view.unknown || (view.present && (view.keys().length > 0 || (view.text() ?? "") !== ""));
}

/** Resources of some types that point at another one by a property, whether the value is known yet or not. */
export function pointingAt(
  stack: Stack,
  target: StackSubject,
  types: readonly string[],
  ...properties: readonly string[]
): readonly StackSubject[] {
  return stack
    .ofType(...types)
    .filter((one) =>
      properties.some(
        (property) => one.madeFrom(property).some(({ urn }) => urn === target.urn) || names(one, property, target),
      ),
    );
}

/** By the name or id that stands in both, as in a state whose dependencies are not kept. */
function names(one: StackSubject, property: string, target: StackSubject): boolean {
  const value = one.props.at(property);
  if (!given(value) || value.unknown) return false;
  return ["id", "name", "bucket", "containerName"].some((key) => {
    const own = target.props.at(key);
    return !own.unknown && own.text() === value.text();
  });
}
