import { galleryVersion } from "../../../core/digest.ts";
import * as image from "../../../policies/rules/image/clouds.ts";
import { imageGated } from "../../../policies/rules/image/image-gated.ts";
import { type Cases, of, table, U } from "./kit.ts";

const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const gcpInstance = "gcp:compute/instance:Instance";
const command = "command:remote:Command";
const helper = ["logos:substrate:ControlPlane"];
const digest = "ab".repeat(32);
const recipe = of("logos:substrate:Image", { digest }, { name: "recipe" });
const gallery = of("azure-native:compute:Gallery", { galleryName: "gallery" }, { name: "gallery" });
/** A scale set of the gallery's image of a number. */
const ofGallery = (name: string, version: string) => {
  const id = `/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/${name}/images/node/versions/${version}`;
  return of(vmss, { virtualMachineProfile: { storageProfile: { imageReference: { id } } } });
};
const smoke = of(
  command,
  { create: "sudo /usr/lib/logos/step bake -- /usr/bin/logos-agent gate --bake" },
  { name: "smoke" },
);
const ami = of("aws:ec2/amiFromInstance:AmiFromInstance", {}, { name: "image", dependsOn: ["smoke"] });
const gated = (tag: string) => ({ resourceType: tag, tags: { "logos-proof-gated": "true" } });

export const imageCases: readonly Cases[] = [
  table(image.imagesPinned, of(template, { imageId: "ami-0123456789abcdef0" }), {
    passes: [
      of(gcpInstance, {
        bootDisk: { initializeParams: { image: "projects/debian-cloud/global/images/debian-13-v20260101" } },
      }),
      of(vm, { storageProfile: { imageReference: { publisher: "Canonical", version: "24.04.202601010" } } }),
      { imageId: U },
    ],
    fails: [
      { imageId: "resolve:ssm:/aws/service/ami" },
      of(gcpInstance, { bootDisk: { initializeParams: { image: "debian-cloud/debian-13" } } }),
      of(gcpTemplate, { disks: [{ boot: true, sourceImage: "projects/p/global/images/family/logos" }] }),
      of(vm, { storageProfile: { imageReference: { publisher: "Canonical", version: "latest" } } }),
    ],
    later: [of(vm, { storageProfile: { imageReference: { id: U } } })],
    omitted: [
      ["imageId", "passes"],
      [of(vm, { storageProfile: { imageReference: { publisher: "Canonical" } } }), "fails"],
    ],
    twins: [
      of(instance, { ami: "resolve:ssm:/x" }),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { imageId: "resolve:ssm:/x" }),
      of(vmss, {
        virtualMachineProfile: {
          storageProfile: {
            imageReference: { id: "/subscriptions/s/providers/Microsoft.Compute/galleries/g/images/logos" },
          },
        },
      }),
      of(vm, { storageProfile: { imageReference: { communityGalleryImageId: "/x" } } }),
    ],
  }),
  table(imageGated, of("logos:substrate:NodePool", { imageDigest: digest }), {
    passes: [of("lab:index:Machine", { group: "bastion", imageId: `base:${digest}` })],
    fails: [
      { imageDigest: "latest" },
      { imageDigest: digest.toUpperCase() },
      [of("lab:index:NodePool", { imageId: `image:${digest}` })],
    ],
    unknown: [{ imageDigest: U }],
    omitted: [["imageDigest", "fails"]],
    twins: [
      of("lab:index:NodePool", { imageId: `base:${digest}` }),
      of("lab:index:Machine", { group: "node", imageId: `base:${digest}` }),
      of("lab:index:Snapshot", { digest: "x" }),
    ],
  }),
  table(image.nodesGated, [of(template, { imageId: U }, { name: "t", madeFrom: { imageId: ["image"] } }), ami, smoke], {
    config: { profile: "standard", images: ["ami-1"] },
    passes: [
      [of(template, { imageId: "ami-1" })],
      [of(template, { imageId: "ami-2" }, { within: helper })],
      [ofGallery("gallery", galleryVersion(digest)), gallery, recipe],
    ],
    fails: [
      [of(template, { imageId: "ami-2" })],
      [of(template, { imageId: U })],
      [ofGallery("gallery", "1.2.3"), gallery, recipe],
      [ofGallery("another", galleryVersion(digest)), gallery, recipe],
      [ofGallery("gallery", galleryVersion(digest)), gallery],
      [of("aws:ec2/amiFromInstance:AmiFromInstance", {}, { name: "image" }), smoke],
    ],
    later: [[of(template, { imageId: U, tags: U }, { name: "t", madeFrom: { imageId: ["image"] } }), ami, smoke]],
    omitted: [[[of(template, {})], "fails"]],
    twins: [
      [of(gcpTemplate, { disks: [{ boot: true, sourceImage: "x" }] })],
      [of(vmss, { virtualMachineProfile: { storageProfile: { imageReference: { id: "x" } } } })],
      [of("gcp:compute/image:Image", {}, { name: "i" })],
      [of("azure-native:compute:GalleryImageVersion", {}, { name: "i" })],
    ],
  }),
  table(image.gatedTagEverywhere, of(template, { tagSpecifications: [gated("instance"), gated("volume")] }), {
    passes: [of(template, {}, { within: helper }), of(gcpTemplate, { labels: { "logos-proof-gated": "true" } })],
    fails: [
      { tagSpecifications: [gated("instance")] },
      { tagSpecifications: [gated("volume")] },
      of(gcpTemplate, { labels: { "logos-proof-gated": "false" } }),
    ],
    unknown: [{ tagSpecifications: U }],
    omitted: [["tagSpecifications", "fails"]],
    twins: [
      of(gcpTemplate, {}),
      of(vmss, {}),
      of("aws:ec2/amiFromInstance:AmiFromInstance", {}),
      of("azure-native:compute:GalleryImageVersion", { tags: {} }),
    ],
  }),
  table(image.taggedAsOurs, of(template, { tags: { "logos-stack": "dev" } }), {
    passes: [of("gcp:storage/bucket:Bucket", { labels: { "logos-stack": "dev" } })],
    fails: [{ tags: {} }, { tags: { other: "x" } }, { tags: { "logos-stack": "" } }],
    later: [{ tags: U }],
    omitted: [["tags", "fails"]],
    twins: [
      of("aws:s3/bucketV2:BucketV2", {}),
      of("gcp:compute/disk:Disk", {}),
      of("azure-native:storage/v20240101:StorageAccount", {}),
    ],
  }),
  table(image.workloadPinned, of("logos:substrate:Image", { workload: { commit: "a".repeat(40) } }), {
    passes: [
      of("logos:substrate:BaseImage", { pinned: "ami-0123456789abcdef0" }),
      of("logos:substrate:BaseImage", { suite: "trixie" }),
    ],
    fails: [
      { "workload.commit": "main" },
      { "workload.commit": "abc123" },
      of("logos:substrate:BaseImage", { pinned: "projects/p/global/images/family/debian-13" }),
    ],
    unknown: [{ "workload.commit": U }],
    omitted: [["workload", "fails"]],
    twins: [of("logos:substrate:BaseImage", { pinned: "resolve:ssm:/aws/service/debian" })],
  }),
];
