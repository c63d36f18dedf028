/**
 * JSON Schemas of the messages, from the compiled descriptors. They describe the JSON form that the platform writes:
 * proto3 JSON, with 64-bit integers as numbers.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createFileRegistry, fromBinary, ScalarType, type DescField, type DescMessage } from '@bufbuild/protobuf'
import { FileDescriptorSetSchema } from '@bufbuild/protobuf/wkt'
import { protoComments } from './proto-comments.ts'

export type Schema = Record<string, unknown>

const wellKnown: Record<string, Schema> = {
  'google.protobuf.Timestamp': { type: 'string', format: 'date-time' },
  'google.protobuf.Struct': { type: 'object', additionalProperties: true },
  'google.protobuf.Value': {},
  'google.protobuf.ListValue': { type: 'array' },
}

export class Schemas {
  readonly #registry
  readonly #comments
  /** Of every message that was asked for and all that those hold, by full name. */
  readonly #made = new Map<string, Schema>()

  constructor(root: string) {
    const descriptors = readFileSync(join(root, 'libs/rpc/src/descriptor.binpb'))
    this.#registry = createFileRegistry(fromBinary(FileDescriptorSetSchema, descriptors))
    this.#comments = protoComments(root)
  }

  /** A reference to the message's schema. Throws Error for a message that proto/ does not have. */
  reference(name: string): Schema {
    const known = wellKnown[name]
    if (known !== undefined) return known
    if (!this.#made.has(name)) this.#make(name)
    return { $ref: `#/components/schemas/${name}` }
  }

  description(name: string): string | undefined {
    return this.#comments.get(name)
  }

  /** Sorted by name. */
  all(): Record<string, Schema> {
    return Object.fromEntries([...this.#made].sort(([a], [b]) => (a < b ? -1 : 1)))
  }

  #make(name: string): void {
    const message = this.#registry.getMessage(name)
    if (message === undefined) throw new Error(`there is no message ${name} in libs/rpc/src/descriptor.binpb`)
    const schema: Schema = { type: 'object' }
    this.#made.set(name, schema)
    const description = this.description(name)
    if (description !== undefined) schema.description = description
    schema.properties = Object.fromEntries(
      message.fields.map((field) => [field.jsonName, this.#described(message, field)]),
    )
  }

  #described(message: DescMessage, field: DescField): Schema {
    const description = this.description(`${message.typeName}.${field.name}`)
    const schema = this.#field(field)
    if (description === undefined) return schema
    // Beside a $ref older tools see nothing.
    return '$ref' in schema ? { description, allOf: [schema] } : { description, ...schema }
  }

  #field(field: DescField): Schema {
    switch (field.fieldKind) {
      case 'list':
        return { type: 'array', items: this.#element(field) }
      case 'map':
        return { type: 'object', additionalProperties: this.#element({ ...field, listKind: field.mapKind }) }
      case 'scalar':
        return scalar(field.scalar)
      case 'enum':
        return names(field.enum)
      case 'message':
        return this.reference(field.message.typeName)
    }
  }

  #element(field: { listKind: string; scalar?: ScalarType; enum?: Enum; message?: { typeName: string } }): Schema {
    if (field.message !== undefined) return this.reference(field.message.typeName)
    if (field.enum !== undefined) return names(field.enum)
    return scalar(field.scalar as ScalarType)
  }
}

interface Enum {
  values: readonly { name: string }[]
}

const names = ({ values }: Enum): Schema => ({ type: 'string', enum: values.map(({ name }) => name) })

function scalar(type: ScalarType): Schema {
  switch (type) {
    case ScalarType.DOUBLE:
    case ScalarType.FLOAT:
      return { type: 'number' }
    case ScalarType.BOOL:
      return { type: 'boolean' }
    case ScalarType.STRING:
      return { type: 'string' }
    case ScalarType.BYTES:
      return { type: 'string', contentEncoding: 'base64' }
    case ScalarType.UINT32:
    case ScalarType.UINT64:
    case ScalarType.FIXED32:
    case ScalarType.FIXED64:
      return { type: 'integer', minimum: 0 }
    case ScalarType.INT32:
    case ScalarType.INT64:
    case ScalarType.SFIXED32:
    case ScalarType.SFIXED64:
    case ScalarType.SINT32:
    case ScalarType.SINT64:
      return { type: 'integer' }
  }
}
