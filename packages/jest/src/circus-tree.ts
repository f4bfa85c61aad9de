import type { CircusBlock, CircusNode, CircusState, CircusTest } from './circus-types.js'

/** The titles of a test and of the blocks around it, as Jest joins them for `-t`. */
export function fullNameOf(node: CircusNode): string {
  const titles: string[] = []
  for (let one: CircusNode | undefined = node; one?.parent !== undefined; one = one.parent) titles.unshift(one.name)
  return titles.join(' ')
}

/** From the nearest to the root of the file. */
export function blocksAround(node: CircusNode): CircusBlock[] {
  const blocks: CircusBlock[] = []
  for (let block = node.parent; block !== undefined; block = block.parent) blocks.push(block)
  return blocks
}

/** All tests in a block and in the blocks in it. */
export function testsIn(block: CircusBlock): CircusTest[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsIn(child)))
}

/** The block and the blocks in it. */
export function blocksIn(block: CircusBlock): CircusBlock[] {
  return [block, ...block.children.flatMap((child) => (child.type === 'describeBlock' ? blocksIn(child) : []))]
}

/** Whether the body of a test will run. */
export function willRun(test: CircusTest, { hasFocusedTests, testNamePattern }: CircusState): boolean {
  if (test.mode === 'skip' || test.mode === 'todo') return false
  if (hasFocusedTests && test.mode !== 'only') return false
  return testNamePattern?.test(fullNameOf(test)) ?? true
}
