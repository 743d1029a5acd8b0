/** Loaded before a stack's program: changes one of its resources as the plant says that the environment names. */
import * as pulumi from "@pulumi/pulumi";
import { nameOf, plantVariable, transformationOf } from "./plant.ts";
import { plants } from "./plants.ts";

const plant = plants.find((one) => nameOf(one) === process.env[plantVariable]);
if (plant === undefined) throw new Error(`${plantVariable} names no plant: ${process.env[plantVariable]}`);
pulumi.runtime.registerStackTransformation(transformationOf(plant));
