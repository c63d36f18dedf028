export { duePlanOf, dueFindings, type DuePlan } from './due-findings.ts'
export { silentAfterMs, standingOf, type Countdown, type Done, type Standing, type VehicleRecord } from './due-date.ts'
export { checkPlan, concerns, featureOf, isDoneBy, measures, usualNotice, type Measure, type Plan } from './plan.ts'
export { advanceUsage, dayMs, daysUntil, type Counter, type Usage, type UsageReading } from './usage.ts'
