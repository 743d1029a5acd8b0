#!/bin/sh
# What can be compiled here is an older language host: it takes from a flag what the newer one takes from Pulumi.yaml.
exec "${0%/*}/pulumi-language-nodejs-by-flag" -typescript=false "$@"
