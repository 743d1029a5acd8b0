/** Types of machines, of their templates and of their groups, as the providers name them. */
export const asg = "aws:autoscaling/group:Group";
export const mig = "gcp:compute/regionInstanceGroupManager:RegionInstanceGroupManager";
export const zonal = "gcp:compute/instanceGroupManager:InstanceGroupManager";
export const vm = "azure-native:compute:VirtualMachine";
export const vmss = "azure-native:compute:VirtualMachineScaleSet";
export const template = "aws:ec2/launchTemplate:LaunchTemplate";
export const instance = "aws:ec2/instance:Instance";
export const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
export const gcpInstance = "gcp:compute/instance:Instance";
