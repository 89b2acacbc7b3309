import ts from 'typescript'

/** What an exported name is to a user: a value of some kind, or a type that is gone at run time. */
export type ExportKind = 'class' | 'function' | 'const' | 'type'

/** The exported names of source files, as the compiler sees them. */
export interface SourceTypes {
  /** The names that a file exports, in alphabetical order. */
  exportsOf(file: string): Record<string, ExportKind>
  /** The properties of an exported interface. */
  propertiesOf(file: string, name: string): string[]
}

export function readSourceTypes(files: readonly string[]): SourceTypes {
  const { config } = ts.readConfigFile('tsconfig.json', ts.sys.readFile)
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [] }, ts.sys, '.')
  const program = ts.createProgram(files, options)
  const checker = program.getTypeChecker()

  function symbolsOf(file: string): ts.Symbol[] {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (!module) throw new Error(`${file} is missing, or exports nothing.`)
    return checker.getExportsOfModule(module)
  }

  const resolve = (symbol: ts.Symbol) =>
    symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol

  return {
    exportsOf: (file) =>
      Object.fromEntries(
        symbolsOf(file)
          .map((symbol): [string, ExportKind] => [symbol.name, kindOf(symbol, resolve(symbol))])
          .sort(([left], [right]) => (left < right ? -1 : 1)),
      ),
    propertiesOf(file, name) {
      const symbol = symbolsOf(file).find((exported) => exported.name === name)
      if (!symbol) throw new Error(`${file} exports no ${name}.`)
      return checker
        .getPropertiesOfType(checker.getDeclaredTypeOfSymbol(symbol))
        .map((property) => property.name)
    },
  }
}

function kindOf(exported: ts.Symbol, { flags }: ts.Symbol): ExportKind {
  if (exported.declarations?.every((declaration) => ts.isTypeOnlyExportDeclaration(declaration)))
    return 'type'
  if (flags & ts.SymbolFlags.Class) return 'class'
  if (flags & ts.SymbolFlags.Function) return 'function'
  return flags & ts.SymbolFlags.Value ? 'const' : 'type'
}
