export { evaluateAzurePdm } from './evaluate-azure-pdm.ts'
export { readAzurePdm, type AzurePdm, type AzurePdmRow } from './read-azure-pdm.ts'
