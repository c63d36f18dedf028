/**
 * Server reflection, so that grpcurl and the like work against every service. Generated services carry no descriptors, so those
 * of all our protos stand beside this file: `npx buf build -o libs/rpc/src/descriptor.binpb --as-file-descriptor-set
 * --exclude-source-info`; a test fails when they are stale.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Server } from '@grpc/grpc-js'
import { ReflectionService } from '@grpc/reflection'

export const descriptorPath = join(import.meta.dirname, 'descriptor.binpb')

export function addReflection(server: Server, services: string[]): void {
  // The only field that reflection reads of a package definition.
  const definition = { pitcrew: { fileDescriptorProtos: filesOf(readFileSync(descriptorPath)) } }
  type Definition = ConstructorParameters<typeof ReflectionService>[0]
  new ReflectionService(definition as unknown as Definition, { services }).addToServer(server)
}

/** The entries of a FileDescriptorSet, `repeated FileDescriptorProto file = 1`, still encoded. */
function filesOf(set: Buffer): Buffer[] {
  const files: Buffer[] = []
  for (let at = 0; at < set.length;) {
    if (set[at] !== 0x0a) throw new Error(`${descriptorPath} is no FileDescriptorSet`)
    let length = 0
    let shift = 0
    for (at++; set[at]! >= 0x80; at++, shift += 7) length |= (set[at]! & 0x7f) << shift
    length |= set[at++]! << shift
    files.push(set.subarray(at, at + length))
    at += length
  }
  return files
}
