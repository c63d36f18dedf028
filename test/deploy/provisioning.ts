/** The tools at the root belong to no project of the workspace; their tests are here, and come in by this one door. */
/* eslint-disable @nx/enforce-module-boundaries */
export { bundleNames } from '../../tools/provisioning/bundles.ts'
export { databaseRolesSql, keepers, roleOf, schemas, type Keeper } from '../../tools/provisioning/database-roles.ts'
export { verifierOf } from '../../tools/provisioning/scram.ts'
