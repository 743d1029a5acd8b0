import { galleryVersion } from "../../../core/digest.ts";
import * as image from "../../../policies/rules/image/clouds.ts";
import { imageGated } from "../../../policies/rules/image/image-gated.ts";
import { workloadPinned } from "../../../policies/rules/image/workload.ts";
import { plannedBase, plannedFiles } from "../planned.ts";
import { at, type Cases, of, table, U } from "./kit.ts";

const vm = "azure-native:compute:VirtualMachine";
const vmss = "azure-native:compute:VirtualMachineScaleSet";
const template = "aws:ec2/launchTemplate:LaunchTemplate";
const instance = "aws:ec2/instance:Instance";
const gcpTemplate = "gcp:compute/regionInstanceTemplate:RegionInstanceTemplate";
const gcpInstance = "gcp:compute/instance:Instance";
const exactImage = "projects/debian-cloud/global/images/debian-13-v20260101";
const referring = (imageReference: object) => of(vm, { storageProfile: { imageReference } });
const base = "logos:substrate:BaseImage";
const debian = { suite: "trixie", packages: ["systemd"], customize: "set -eu\n" };
const planned = of("logos:substrate:Image", { workload: { commit: "c".repeat(40) }, files: plannedFiles });
const workloadText = "files.files[4].content.text";
const changedFile = (path: string, text: string) =>
  of("logos:substrate:Image", {
    ...planned.props,
    files: {
      ...plannedFiles,
      files: plannedFiles.files.map((one) => (one.path === path ? { path, content: { text } } : one)),
    },
  });
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
const captured = of("lab:index:Snapshot", { digest, machineName: "builder" }, { name: "image", dependsOn: ["smoke"] });
const ami = of("aws:ec2/amiFromInstance:AmiFromInstance", {}, { name: "image", dependsOn: ["smoke"] });
const gated = (tag: string) => ({ resourceType: tag, tags: { "logos-proof-gated": "true" } });

export const imageCases: readonly Cases[] = [
  table(image.imagesPinned, of(template, { imageId: "ami-0123456789abcdef0" }), {
    passes: [
      of(gcpInstance, { bootDisk: { initializeParams: { image: exactImage } } }),
      of(gcpTemplate, {
        disks: [
          { sourceImage: `https://www.googleapis.com/compute/v1/${exactImage}` },
          { boot: false, sourceImage: "family/x" },
        ],
      }),
      referring({ publisher: "Canonical", version: "24.04.202601010" }),
      referring({ id: "/x/galleries/g/images/logos/versions/1.2.3" }),
      referring({ id: "/x/providers/Microsoft.Compute/images/logos" }),
      of("aws:ec2/allowedImagesSettings:AllowedImagesSettings", { state: "enabled" }),
    ],
    fails: [
      at({ imageId: "resolve:ssm:/aws/service/ami" }, "imageId"),
      at(
        of(gcpInstance, { bootDisk: { initializeParams: { image: "debian-cloud/debian-13" } } }),
        "bootDisk.initializeParams.image",
      ),
      // Google takes it for an image's name, or for a family's.
      of(gcpInstance, { bootDisk: { initializeParams: { image: "logos-node" } } }),
      of(gcpTemplate, { disks: [{ boot: true, sourceImage: "projects/p/global/images/family/logos" }] }),
      at(referring({ publisher: "Canonical", version: "latest" }), "storageProfile.imageReference.version"),
      at(referring({ exactVersion: "latest" }), "storageProfile.imageReference.exactVersion"),
      at(of("aws:ec2/allowedImagesSettings:AllowedImagesSettings", { state: "disabled" }), "state"),
    ],
    later: [{ imageId: U }, referring({ id: U }), of(vmss, { virtualMachineProfile: { storageProfile: U } })],
    omitted: [
      ["imageId", "passes"],
      [at(referring({ publisher: "Canonical" }), "storageProfile.imageReference.version"), "fails"],
    ],
    twins: [
      at(of(instance, { ami: "resolve:ssm:/x" }), "ami"),
      of("aws:ec2/launchConfiguration:LaunchConfiguration", { imageId: "resolve:ssm:/x" }),
      at(
        of("aws:ec2/spotFleetRequest:SpotFleetRequest", { launchSpecifications: [{ ami: "resolve:ssm:/x" }] }),
        "launchSpecifications[0].ami",
      ),
      of(vmss, {
        virtualMachineProfile: {
          storageProfile: {
            imageReference: { id: "/subscriptions/s/providers/Microsoft.Compute/galleries/g/images/logos" },
          },
        },
      }),
      at(
        referring({ sharedGalleryImageId: "/sharedGalleries/g/images/logos" }),
        "storageProfile.imageReference.sharedGalleryImageId",
      ),
      at(referring({ communityGalleryImageId: "/x" }), "storageProfile.imageReference.communityGalleryImageId"),
    ],
  }),
  table(imageGated, of("logos:substrate:NodePool", { imageDigest: digest }), {
    passes: [
      ...["bastion", "control", "builder"].map((group) =>
        of("lab:index:Machine", { group, imageId: `base:${digest}` }),
      ),
      of("lab:index:Machine", { group: "node", imageId: `image:${digest}` }),
      [of("lab:index:NodePool", { imageId: `image:${digest}` }), of("lab:index:Snapshot", { digest })],
      [captured, smoke],
      [captured, { ...smoke, name: "seal", props: {}, dependsOn: ["before"] }, { ...smoke, name: "before" }].map(
        (one) => (one === captured ? { ...captured, dependsOn: ["seal"] } : one),
      ),
      // What is no snapshot may name a machine.
      [of("lab:index:Volume", { machineName: "control" }, { name: "state" })],
    ],
    fails: [
      at({ imageDigest: "latest" }, "imageDigest"),
      { imageDigest: digest.toUpperCase() },
      at([of("lab:index:NodePool", { imageId: `image:${digest}` })], "it: imageId"),
      at(
        [
          of("lab:index:NodePool", { imageId: `image:${digest}` }),
          of("lab:index:Snapshot", { digest: "cd".repeat(32) }),
        ],
        "it: imageId",
      ),
      at([captured], "image"),
      at([captured, { ...smoke, type: "command:local:Command" }], "image"),
      at([captured, { ...smoke, props: { create: "sudo /usr/bin/logos-agent gate --bake-nothing" } }], "image"),
    ],
    unknown: [{ imageDigest: U }],
    omitted: [[at("imageDigest", "imageDigest"), "fails"]],
    twins: [
      at(of("lab:index:NodePool", { imageId: `base:${digest}` }), "imageId"),
      of("lab:index:NodePool", { imageId: `my-image:${digest}` }),
      of("lab:index:Machine", { group: "node", imageId: `base:${digest}` }),
      at(of("lab:index:Snapshot", { digest: "x" }), "digest"),
    ],
  }),
  table(image.nodesGated, [of(template, { imageId: U }, { name: "t", madeFrom: { imageId: ["image"] } }), ami, smoke], {
    config: { profile: "standard", images: ["ami-1"] },
    passes: [
      [of(template, { imageId: "ami-1" })],
      [of(template, { imageId: "ami-2" }, { within: helper })],
      [ofGallery("gallery", galleryVersion(digest)), { ...gallery, name: "other", props: {} }, gallery, recipe],
      [
        of(
          gcpTemplate,
          { disks: [{ boot: true, sourceImage: U }, { boot: false }] },
          { name: "t", madeFrom: { disks: ["image"] } },
        ),
        { ...ami, type: "gcp:compute/image:Image" },
        { ...ami, name: "another" },
        smoke,
      ],
      // A version of a gallery, made from a capture.
      [of("azure-native:compute:GalleryImageVersion", {}, { name: "v", dependsOn: ["image"] }), ami, smoke],
    ],
    fails: [
      at([of(template, { imageId: "ami-2" })], "it: imageId"),
      [of(template, { imageId: U })],
      [of(template, { imageId: U }, { name: "t", madeFrom: { imageId: ["smoke"] } }), ami, smoke],
      [ofGallery("gallery", "1.2.3"), gallery, recipe],
      [ofGallery("another", galleryVersion(digest)), gallery, recipe],
      [ofGallery("gallery", `${galleryVersion(digest)}/x`), gallery, recipe],
      [ofGallery("gallery", galleryVersion(digest)), gallery],
      [of(vmss, { virtualMachineProfile: { storageProfile: { imageReference: { id: "x" } } } }), gallery, recipe],
      at([of("aws:ec2/amiFromInstance:AmiFromInstance", {}, { name: "image" }), smoke], "image"),
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
    passes: [
      of(template, {}, { within: helper }),
      of(gcpTemplate, {}, { within: helper }),
      of(gcpTemplate, { labels: { "logos-proof-gated": "true" } }),
      of(vmss, { tags: { "logos-proof-gated": "true" } }),
    ],
    fails: [
      at({ tagSpecifications: [gated("instance")] }, "tagSpecifications"),
      at({ tagSpecifications: [gated("volume")] }, "tagSpecifications"),
      at({ tagSpecifications: [gated("instance"), gated("spot-instances-request")] }, "tagSpecifications"),
      at({ tagSpecifications: [gated("instance"), { resourceType: "volume", tags: {} }] }, "tagSpecifications"),
      at(of(gcpTemplate, { labels: { "logos-proof-gated": "false" } }), "labels.logos-proof-gated"),
    ],
    unknown: [{ tagSpecifications: U }],
    omitted: [["tagSpecifications", "fails"]],
    twins: [
      of(gcpTemplate, {}),
      of("gcp:compute/image:Image", {}, { within: ["logos:substrate:Image"] }),
      at(of(vmss, {}), "tags.logos-proof-gated"),
      of("aws:ec2/amiFromInstance:AmiFromInstance", {}),
      of("azure-native:compute:GalleryImageVersion", { tags: {} }),
    ],
  }),
  table(image.taggedAsOurs, of(template, { tags: { "logos-stack": "dev" } }), {
    passes: [of("gcp:storage/bucket:Bucket", { labels: { "logos-stack": "dev" } })],
    fails: [at({ tags: {} }, "tags"), { tags: { other: "x" } }, { tags: { "logos-stack": "" } }],
    later: [{ tags: U }],
    omitted: [["tags", "fails"]],
    twins: [
      of("aws:s3/bucketV2:BucketV2", {}),
      of("gcp:compute/disk:Disk", {}),
      of("azure-native:storage/v20240101:StorageAccount", {}),
    ],
  }),
  table(workloadPinned, planned, {
    passes: [
      // Machines of the lab: what they hold comes with their base.
      of("logos:substrate:Image", {
        ...planned.props,
        files: { ...plannedFiles, files: plannedFiles.files.filter(({ path }) => !/packages|sources/.test(path)) },
      }),
      changedFile("/etc/logos/packages", "debian-13 node coq=8.20.1+dfsg-1+b1\ndebian-13 all python3\n"),
      of(base, plannedBase),
      of("lab:index:BaseImage", plannedBase),
      of(base, { pinned: "ami-0123456789abcdef0" }),
      of(base, { suite: "trixie", packages: ["systemd", "coq=8.20.1+dfsg-1+b1"], customize: "set -eu\nbase_users\n" }),
    ],
    fails: [
      at({ "workload.commit": "main" }, "workload.commit", workloadText),
      at({ "workload.commit": "b".repeat(40) }, workloadText),
      at(changedFile("/etc/logos/pins.json", '{"guardedFiles":{"_CoqProject":"main"}}'), "files.files[3].content.text"),
      changedFile("/etc/logos/pins.json", "{"),
      at(changedFile("/etc/logos/packages", "debian-13 node coq\n"), "files.files[1].content.text"),
      changedFile("/etc/logos/packages", "debian-13 node libcoq-stdlib=\n"),
      ...["slurm-commit main", "opam-repository git+https://x", "opam-packages dune.3.17.2 coq", "coq 8.18.0"].map(
        (line) => at(changedFile("/etc/logos/sources", `ubuntu-24.04 ${line}\n`), "files.files[2].content.text"),
      ),
      at(of(base, { pinned: "projects/p/global/images/family/debian-13" }), "pinned"),
      at(of(base, { ...debian, suite: "stable" }), "suite"),
      at(of(base, { ...debian, packages: ["systemd", "coq"] }), "packages[1]"),
      at(of(base, { ...debian, customize: "set -eu\ncurl -o /x https://x\n" }), "customize"),
    ],
    unknown: [{ "workload.commit": U }, of(base, { ...debian, suite: U })],
    omitted: [
      [at("workload", "workload.commit", workloadText), "fails"],
      [at("files", "files", "files"), "fails"],
      [of(base, {}), "fails"],
    ],
    twins: [
      of(base, { pinned: "resolve:ssm:/aws/service/debian" }),
      at(of("lab:index:BaseImage", { ...debian, suite: "sid" }), "suite"),
      of("lab:index:BaseImage", { ...debian, packages: ["ocaml"] }),
      of("lab:index:BaseImage", { ...debian, customize: "apt-get install -y coq" }),
    ],
  }),
];
