#!/usr/bin/env node
import { outliveBrokenPipes } from './print.ts'
import { run } from './run.ts'

outliveBrokenPipes()
await run(process.argv.slice(2))
