import type { manufacturing } from '@pitcrew/contracts'

/** The 8D report as Markdown. Vehicles and failures appear by id only. */
export function renderCapa(capa: manufacturing.Capa): string {
  const head = [
    `# ${capa.capaId}: ${capa.component}, ${capa.failureMode}`,
    '',
    `Model ${capa.model} · ${capa.status.replace('CAPA_STATUS_', '')} · opened ${capa.openedAt ?? 'at an unknown time'} · ${capa.failureIds.length} failures`,
  ]
  const body = capa.sections.map(
    ({ discipline, title, text, complete }) => `## ${discipline} ${title} ${complete ? '[done]' : '[open]'}\n\n${text}`,
  )
  return `${[head.join('\n'), ...body, `## Failures\n\n${capa.failureIds.map((id) => `- ${id}`).join('\n')}`].join('\n\n')}\n`
}
