import AjvCompiler from '@fastify/ajv-compiler'
import SerializerSelector from '@fastify/fast-json-stringify-compiler'
import type { FastifyServerOptions } from 'fastify'

type Compile<Definition, Compiled> = (definition: Definition) => Compiled
type Build<Definition, Compiled> = (...about: never[]) => Compile<Definition, Compiled>

/**
 * Fastify's own compilers of schemas, each schema compiled when its route is first called. Compiling all of them at
 * the start would take longer than everything else that the start does.
 */
export function lazyCompilers(): NonNullable<FastifyServerOptions['schemaController']> {
  return {
    compilersFactory: {
      buildValidator: lazily(AjvCompiler() as Build<unknown, (data: unknown) => unknown>),
      buildSerializer: lazily(SerializerSelector() as Build<unknown, (data: unknown) => string>),
    },
  } as NonNullable<FastifyServerOptions['schemaController']>
}

interface Check {
  (data: unknown): unknown
  /** Where Ajv leaves what was wrong. */
  errors?: unknown
}

function lazily<Definition>(build: Build<Definition, Check>): Build<Definition, Check> {
  return (...about) => {
    let compile: Compile<Definition, Check> | undefined
    return (definition) => {
      let compiled: Check | undefined
      const check: Check = (data) => {
        compile ??= build(...about)
        compiled ??= compile(definition)
        const answer = compiled(data)
        check.errors = compiled.errors
        return answer
      }
      return check
    }
  }
}
