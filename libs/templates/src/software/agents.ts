/** F9: what the specialists of a software task do, in the folder that the host names. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { agent, type AgentTemplate, type TemplateTask } from '../template.ts'
import { analyse } from './analyse.ts'
import { capabilities } from './definition.ts'
import { measure } from './measure.ts'
import { publish, tarballName, verify, withdraw, type Place } from './publish.ts'
import { review } from './review.ts'
import { runTests } from './run-tests.ts'
import { declarationText, documentText, manifestText, sourceText, testName, testText } from './source-text.ts'
import type { ModuleSpec } from './spec.ts'
import { stripped } from './strip.ts'
import { integrityOf, tarball } from './tarball.ts'
import { assign, type Role } from './team.ts'
import { deleteBranch, openBranch, release, remove, reserve, workspaceOf, write, type Files } from './workspace.ts'

interface At {
  directory: string
}
interface ToWrite extends At {
  module: ModuleSpec
  by: string
}
type Releasing = Omit<Place, 'root' | 'workflowId'> & { integrity: string }

const source = 'src/index.ts'
const code = 'dist/index.js'
const declarations = 'dist/index.d.ts'
const manifest = 'package.json'
const tests = 'test/index.test.js'
const docs = 'README.md'

/** @param root below which directories may be named */
export function softwareAgents(root: string): AgentTemplate['agents'] {
  const work = ({ directory }: At, { workflowId }: TemplateTask) => workspaceOf(root, directory, workflowId)
  const place = ({ directory, name, version }: Releasing, { workflowId }: TemplateTask): Place => ({
    root,
    directory,
    name,
    version,
    workflowId,
  })
  /** Writes what the module's spec makes of these files. */
  const writing = <T extends ToWrite>(files: (input: T, branch: string) => Files) =>
    agent((input: T, task) => {
      const workspace = work(input, task)
      return { files: write(workspace, files(input, workspace.branch)), by: input.by }
    })
  const doing = <T extends At>(act: (input: T, task: TemplateTask) => void) =>
    agent((input: T, task) => (act(input, task), null))
  const read = (branch: string, path: string) => readFileSync(join(branch, path), 'utf8')

  return {
    [capabilities.analyse.name]: agent(analyse),
    [capabilities.assign.name]: agent(assign),
    [capabilities.reserve.name]: doing((at: At, task) => reserve(work(at, task), task.workflowId)),
    [capabilities.release.name]: doing((at: At, task) => release(work(at, task), task.workflowId)),
    [capabilities.openBranch.name]: doing((at: At, task) => openBranch(work(at, task))),
    [capabilities.deleteBranch.name]: doing((at: At, task) => deleteBranch(work(at, task))),
    [capabilities.remove.name]: doing((at: At & { files: string[] }, task) => remove(work(at, task), at.files)),
    [capabilities.writeSource.name]: writing(({ module }) => ({
      [source]: sourceText(module),
      [manifest]: manifestText(module),
    })),
    [capabilities.strip.name]: writing(({ module }, branch) => ({
      [code]: stripped(read(branch, source)),
      [declarations]: declarationText(module),
    })),
    [capabilities.writeTests.name]: writing(({ module }) => ({ [tests]: testText(module) })),
    [capabilities.writeDocs.name]: writing(({ module, team }: ToWrite & { team: Record<Role, string> }) => ({
      [docs]: documentText(module, team),
    })),
    [capabilities.measure.name]: agent((input: ToWrite, task) =>
      measure(read(work(input, task).branch, source), input.module),
    ),
    [capabilities.runTests.name]: agent((input: ToWrite & { timeoutMs: number }, task) =>
      runTests({
        branch: work(input, task).branch,
        file: tests,
        expected: expectedTests(input.module),
        timeoutMs: input.timeoutMs,
        ...(task.signal && { signal: task.signal }),
      }),
    ),
    [capabilities.review.name]: agent(review),
    [capabilities.pack.name]: agent((input: ToWrite, task) => {
      const workspace = work(input, task)
      const { branch } = workspace
      const inside = [manifest, docs, source, code, declarations]
      const bytes = tarball(Object.fromEntries(inside.map((path) => [path, readFileSync(join(branch, path))])))
      const files = write(workspace, { [tarballName(input.module.name, input.module.version)]: bytes })
      return { files, by: input.by, integrity: integrityOf(bytes), bytes: bytes.length }
    }),
    [capabilities.publish.name]: agent((input: Releasing, task) => publish(place(input, task), input.integrity)),
    [capabilities.withdraw.name]: doing((input: Releasing, task) => withdraw(place(input, task))),
    [capabilities.verify.name]: agent((input: Releasing, task) => verify(place(input, task), input.integrity)),
  }
}

const expectedTests = ({ functions }: ModuleSpec): string[] =>
  functions.flatMap(({ name, examples }) => examples.map((_, i) => testName(name, i + 1)))
