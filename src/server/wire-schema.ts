import { z } from 'zod'

type Json = Record<string, unknown>

/**
 * JSON Schemas of named zod schemas, for Fastify to validate and serialize with, and for OpenAPI. They refer to
 * each other by name.
 *
 * @param io whether they describe what is received or what is sent
 */
export function toWireSchemas(schemas: Readonly<Record<string, z.ZodType>>, io: 'input' | 'output'): Json[] {
  const registry = z.registry<{ id: string }>()
  for (const [id, schema] of Object.entries(schemas)) registry.add(schema, { id })
  const made = z.toJSONSchema(registry, {
    target: 'draft-7',
    io,
    unrepresentable: 'any',
    uri: (id) => `${id}#`,
    override: ({ jsonSchema }) => simplify(jsonSchema as Json),
  })
  return Object.entries(made.schemas).map(([id, schema]) => {
    const { $schema: _version, ...rest } = schema as Json
    return { ...rest, $id: id }
  })
}

function simplify(schema: Json): void {
  // What a field says of its own JSON form wins: `meta({ json })` in core/input.ts.
  if (isObject(schema.json)) {
    const { json } = schema
    for (const key of Object.keys(schema)) if (key !== 'description') delete schema[key]
    Object.assign(schema, json)
  }
  // The pattern says again what the format says, at length.
  if (schema.format === 'date-time' || schema.format === 'ipv4' || schema.format === 'ipv6')
    delete schema.pattern
  delete schema.propertyNames
  // "A or null" as two types of one schema: serialized without trying each.
  if (Array.isArray(schema.anyOf) && schema.anyOf.length === 2) {
    const [value, none] = schema.anyOf as Json[]
    if (none?.type !== 'null' || typeof value?.type !== 'string') return
    delete schema.anyOf
    Object.assign(schema, value, { type: [value.type, 'null'] })
    if (Array.isArray(value.enum)) schema.enum = [...value.enum, null]
  }
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null
}
