/** What a person or system may do. Each role may do what the ones before it may. */
export const roles = ['viewer', 'operator', 'approver', 'admin'] as const

export type Role = (typeof roles)[number]

export const includes = (has: Role, needed: Role): boolean => roles.indexOf(has) >= roles.indexOf(needed)

/** Who makes a request. */
export interface Caller {
  subject: string
  role: Role
}
