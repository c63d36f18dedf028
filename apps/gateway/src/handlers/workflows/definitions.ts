/** F9, C3: what can be run, as data and as a drawing. */
import { engine } from '@pitcrew/contracts'
import { Terminal } from '@pitcrew/errors'
import type { Clients } from '../../adapters/clients.ts'
import { oneOf } from '../query.ts'
import { Answer, get, type Asked, type Route } from '../route.ts'

const drawings = { json: engine.Drawing.UNSPECIFIED, mermaid: engine.Drawing.MERMAID, svg: engine.Drawing.SVG }

export function definitionRoutes({ workflows }: Pick<Clients, 'workflows'>): Route[] {
  const one = async ({ params, query }: Asked): Promise<unknown> => {
    const format = oneOf(query.format, ['json', 'mermaid', 'svg'], 'format')
    const drawing = drawings[format]
    const version = versionOf(params.version)
    const found = await workflows.getDefinition({ name: params.name ?? '', version, drawing, workflowId: '' })
    return format === 'json' ? found : drawn(format, found.drawing)
  }
  const formats = { format: 'json (default), mermaid or svg' }
  const message = 'pitcrew.workflow.v1.GetDefinitionResponse'
  return [
    {
      ...get('workflows', '/v1/definitions', 'What can be run, the newest version of each first', () =>
        workflows.listDefinitions({}),
      ),
      answer: 'pitcrew.workflow.v1.ListDefinitionsResponse',
    },
    {
      ...get('workflows', '/v1/definitions/{name}', 'The newest version of a definition', one, formats),
      answer: message,
    },
    {
      ...get(
        'workflows',
        '/v1/definitions/{name}/{version}',
        'A definition with its critical path and measured durations, or drawn',
        one,
        formats,
      ),
      answer: message,
    },
    {
      ...get('workflows', '/v1/templates', 'What can be started by name, with the schema of its input', () =>
        workflows.listTemplates({}),
      ),
      answer: 'pitcrew.workflow.v1.ListTemplatesResponse',
    },
  ]
}

/** An image that is opened by itself may load and run nothing. */
export function drawn(format: 'svg' | 'mermaid', drawing: string): Answer {
  const type = format === 'svg' ? 'image/svg+xml' : 'text/plain'
  const headers = {
    'content-type': `${type}; charset=utf-8`,
    'content-security-policy': "default-src 'none'; style-src 'unsafe-inline'",
  }
  return new Answer(drawing, { headers })
}

/** 0 is the newest. */
function versionOf(text = 'latest'): number {
  if (text === 'latest') return 0
  const version = Number(text)
  if (Number.isInteger(version) && version > 0) return version
  throw new Terminal('BAD_REQUEST', `"${text}" is not a version, expected a whole number from 1`, {
    hint: '"latest" is the newest',
  })
}
